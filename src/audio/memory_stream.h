#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace bonafide {

// Bytes in memory as the decoder libraries like to read them: with a position, as a file has.
class MemoryStream {
 public:
  MemoryStream(std::span<const std::byte> bytes) : bytes_(bytes) {}
  // `head` is its own, and stands before the bytes.
  MemoryStream(std::vector<std::byte> head, std::span<const std::byte> bytes)
      : head_(std::move(head)), bytes_(bytes) {}

  int64_t size() const { return static_cast<int64_t>(head_.size() + bytes_.size()); }
  int64_t position() const { return position_; }
  // As read(2): fewer than `count` only at the end.
  int64_t read(void* to, int64_t count);
  // As lseek(2): the new position, or -1 for one before the beginning.
  int64_t seek(int64_t offset, int whence);

 private:
  std::vector<std::byte> head_;
  std::span<const std::byte> bytes_;
  int64_t position_ = 0;
};

}  // namespace bonafide
