#include "audio/memory_stream.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace bonafide {

int64_t MemoryStream::read(void* to, int64_t count) {
  const int64_t left = std::max<int64_t>(size() - position_, 0);
  const int64_t taken = std::clamp<int64_t>(count, 0, left);
  if (taken > 0) std::memcpy(to, bytes_.data() + position_, static_cast<size_t>(taken));
  position_ += taken;
  return taken;
}

int64_t MemoryStream::seek(int64_t offset, int whence) {
  const int64_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? position_ : size();
  int64_t target = 0;
  if (__builtin_add_overflow(base, offset, &target) || target < 0) return -1;
  position_ = target;
  return target;
}

}  // namespace bonafide
