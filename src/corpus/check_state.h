#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <unordered_set>

#include "audio/location.h"

namespace bonafide {

// Which recordings decoded well in earlier runs: a file of one line each, which only grows. A line
// is a fingerprint of where the recording lies, its file's size and the time of its last change.
class CheckState {
 public:
  // Opens or begins the file; an empty name keeps nothing. Throws Error when it cannot be written,
  // and UsageError when it is something else.
  explicit CheckState(const std::filesystem::path& file);

  static uint64_t fingerprint(const AudioLocation& location);

  bool knows(uint64_t fingerprint) const { return known_.count(fingerprint) > 0; }
  // From any thread. Written at once, so that little is lost whatever ends the program.
  void add(uint64_t fingerprint);

 private:
  std::unordered_set<uint64_t> known_;
  std::ofstream out_;
  std::mutex mutex_;
};

}  // namespace bonafide
