#include "audio/memory_stream.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace bonafide {

namespace {

// Those of `bytes` from `at` on; returns how many they are.
size_t copy(std::span<const std::byte> bytes, size_t at, std::byte* to, size_t most) {
  if (at >= bytes.size()) return 0;
  const size_t count = std::min(most, bytes.size() - at);
  if (count > 0) std::memcpy(to, bytes.data() + at, count);
  return count;
}

}  // namespace

int64_t MemoryStream::read(void* to, int64_t count) {
  const auto wanted = static_cast<size_t>(std::max<int64_t>(count, 0));
  auto* const target = static_cast<std::byte*>(to);
  const size_t first = copy(head_, static_cast<size_t>(position_), target, wanted);
  position_ += static_cast<int64_t>(first);
  const size_t behind = static_cast<size_t>(position_) - head_.size();
  if (static_cast<size_t>(position_) < head_.size()) return static_cast<int64_t>(first);
  const size_t second = copy(bytes_, behind, target + first, wanted - first);
  position_ += static_cast<int64_t>(second);
  return static_cast<int64_t>(first + second);
}

int64_t MemoryStream::seek(int64_t offset, int whence) {
  const int64_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? position_ : size();
  int64_t target = 0;
  if (__builtin_add_overflow(base, offset, &target) || target < 0) return -1;
  position_ = target;
  return target;
}

}  // namespace bonafide
