#include "base/block_pool.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace bonafide {
namespace {

constexpr std::size_t kGrain = std::size_t{64} << 10;
constexpr std::size_t kLargePage = std::size_t{2} << 20;

std::size_t rounded_up(std::size_t bytes) { return (bytes + kGrain - 1) / kGrain * kGrain; }

}  // namespace

BlockPool::BlockPool(std::size_t reserved) {
  const std::size_t size = rounded_up(reserved);
  void* const area = ::mmap(nullptr, size + kLargePage, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (area == MAP_FAILED) return;
  area_ = area;
  const std::size_t beyond = reinterpret_cast<std::uintptr_t>(area) % kLargePage;
  begin_ = static_cast<char*>(area) + (kLargePage - beyond) % kLargePage;
  reserved_ = size;
  ::madvise(begin_, size, MADV_HUGEPAGE);
  cold_.add(0, size);
}

BlockPool::~BlockPool() {
  if (area_ != nullptr) ::munmap(area_, reserved_ + kLargePage);
}

void* BlockPool::take(std::size_t bytes) {
  if (bytes > reserved_) return nullptr;
  const std::size_t size = rounded_up(bytes);
  const std::lock_guard lock(mutex_);
  std::size_t offset = 0;
  if (warm_.find(size, offset)) {
    warm_.remove(offset, size);
  } else {
    const std::size_t most = most_used_ + most_used_ / 8;
    const std::size_t after = bytes_used_ + warm_.bytes + size;
    if (after > most) cool(after - most);
    if (!cold_.find(size, offset)) return nullptr;
    cold_.remove(offset, size);
  }
  used_.emplace(offset, size);
  bytes_used_ += size;
  most_used_ = std::max(most_used_, bytes_used_);
  return begin_ + offset;
}

bool BlockPool::give_back(void* address) noexcept {
  char* const block = static_cast<char*>(address);
  if (block < begin_ || block >= begin_ + reserved_) return false;
  const std::lock_guard lock(mutex_);
  const auto found = used_.find(static_cast<std::size_t>(block - begin_));
  if (found == used_.end()) return false;
  warm_.add(found->first, found->second);
  bytes_used_ -= found->second;
  used_.erase(found);
  return true;
}

std::size_t BlockPool::held() const {
  const std::lock_guard lock(mutex_);
  return bytes_used_ + warm_.bytes;
}

// Gives so many bytes of warm memory back to the kernel, as far as there are, from the smallest
// ranges, which serve least.
void BlockPool::cool(std::size_t bytes) noexcept {
  while (bytes > 0 && warm_.bytes > 0) {
    const auto [range, offset] = *warm_.by_size.begin();
    const std::size_t size = std::min(range, rounded_up(bytes));
    ::madvise(begin_ + offset, size, MADV_DONTNEED);
    warm_.remove(offset, size);
    cold_.add(offset, size);
    bytes -= std::min(bytes, size);
  }
}

void BlockPool::Ranges::add(std::size_t offset, std::size_t size) {
  bytes += size;
  auto next = by_offset.lower_bound(offset);
  if (next != by_offset.begin()) {
    const auto previous = std::prev(next);
    if (previous->first + previous->second == offset) {
      by_size.erase({previous->second, previous->first});
      offset = previous->first;
      size += previous->second;
      by_offset.erase(previous);
    }
  }
  if (next != by_offset.end() && offset + size == next->first) {
    by_size.erase({next->second, next->first});
    size += next->second;
    by_offset.erase(next);
  }
  by_offset.emplace(offset, size);
  by_size.emplace(size, offset);
}

// The beginning of a range.
void BlockPool::Ranges::remove(std::size_t offset, std::size_t size) {
  const auto range = by_offset.find(offset);
  const std::size_t rest = range->second - size;
  by_size.erase({range->second, offset});
  by_offset.erase(range);
  bytes -= size;
  if (rest == 0) return;
  by_offset.emplace(offset + size, rest);
  by_size.emplace(rest, offset + size);
}

bool BlockPool::Ranges::find(std::size_t size, std::size_t& offset) const {
  const auto range = by_size.lower_bound({size, 0});
  if (range == by_size.end()) return false;
  offset = range->second;
  return true;
}

}  // namespace bonafide
