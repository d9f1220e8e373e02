#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <set>
#include <unordered_map>
#include <utility>

namespace bonafide {

// Large blocks of memory in pages of 2 MiB, where the kernel has them. A network takes and gives
// back every large activation, again and again, and the kernel's zeroing of new pages can cost as
// much as the arithmetic. So memory that was given back stays with the process and is handed out
// again, in other sizes, too; but the process never holds more than an eighth above what was once
// in use at the same time. Threads may share a pool.
//
// All blocks lie in one stretch of addresses, reserved beforehand. A range of it is in use, or warm
// (the process has its pages), or cold (the kernel has them).
class BlockPool {
 public:
  // Reserves addresses, which cost nothing until they are used. Where the system refuses so many
  // (ulimit -v), the pool never has a block to give.
  explicit BlockPool(std::size_t reserved);
  ~BlockPool();
  BlockPool(const BlockPool&) = delete;
  BlockPool& operator=(const BlockPool&) = delete;

  // A block of at least so many bytes (more than 0), aligned to 64 KiB; what it holds is arbitrary.
  // nullptr when no addresses are left.
  void* take(std::size_t bytes);

  // Takes a block back. False, and nothing happens, if the address is none of the pool's.
  bool give_back(void* address) noexcept;

  std::size_t held() const;  // bytes in use or warm

 private:
  // Free ranges of one kind, none of which touches another.
  struct Ranges {
    std::map<std::size_t, std::size_t> by_offset;           // sizes
    std::set<std::pair<std::size_t, std::size_t>> by_size;  // (size, offset)
    std::size_t bytes = 0;

    void add(std::size_t offset, std::size_t size);
    void remove(std::size_t offset, std::size_t size);
    bool find(std::size_t size, std::size_t& offset) const;  // the smallest that is large enough
  };

  void cool(std::size_t bytes) noexcept;

  void* area_ = nullptr;   // what the system gave
  char* begin_ = nullptr;  // aligned
  std::size_t reserved_ = 0;
  mutable std::mutex mutex_;
  std::unordered_map<std::size_t, std::size_t> used_;  // offsets and sizes
  Ranges warm_;
  Ranges cold_;
  std::size_t bytes_used_ = 0;
  std::size_t most_used_ = 0;  // ever, at the same time
};

}  // namespace bonafide
