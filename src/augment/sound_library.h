#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "audio/waveform.h"
#include "base/random.h"

namespace bonafide {

// The recordings below a folder, as noises or impulse responses. Decoded when they are asked for,
// and kept in memory as long as there is room; what one gets never depends on that. Any number of
// threads may ask at once.
class SoundLibrary {
 public:
  // The recordings below `folder` as list_recordings() walks it: of every folder, or only of those
  // where one of the path's parts below `folder` is `category` ("noise" in MUSAN). Those whose path
  // contains `without` (when not empty) are left out. Throws UsageError when there are none, and
  // for what the walk could not read.
  SoundLibrary(const std::filesystem::path& folder, const std::string& category,
               const std::string& without = "");

  size_t size() const { return paths_.size(); }
  const std::filesystem::path& path(size_t i) const { return paths_[i]; }

  // Throws Error, naming the file, when it cannot be decoded.
  std::shared_ptr<const Waveform> get(size_t i, int sample_rate) const;

  // A stretch of that many samples from a random start; a shorter recording is repeated. Of a long
  // file (over 2 MiB) only the stretch is decoded, where its format and rate allow that: recordings
  // of MUSAN last up to half an hour.
  std::vector<float> stretch(size_t i, int sample_rate, size_t length, Random& random) const;

 private:
  std::vector<std::filesystem::path> paths_;
  mutable std::mutex mutex_;
  mutable std::unordered_map<std::string, std::shared_ptr<const Waveform>> kept_;
  mutable size_t kept_samples_ = 0;
};

}  // namespace bonafide
