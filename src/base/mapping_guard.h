#pragma once

#include <cstddef>

namespace bonafide {

struct WatchedStretch;

// Keeps watch over a mapped stretch of memory. A page whose file has shrunk, or whose disk fails,
// kills the process by SIGBUS when it is read; under watch, it and all that follow in the stretch
// read as zeros instead, and lost() says so. Whoever watches must ask. At most 1024 stretches are
// watched at once; more go unwatched.
class MappingGuard {
 public:
  MappingGuard() = default;  // watches nothing
  MappingGuard(const void* address, size_t size);
  ~MappingGuard();  // must happen before the stretch is unmapped
  MappingGuard(MappingGuard&& other) noexcept;
  MappingGuard& operator=(MappingGuard&& other) noexcept;

  bool lost() const;

 private:
  WatchedStretch* stretch_ = nullptr;
};

}  // namespace bonafide
