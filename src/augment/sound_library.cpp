#include "augment/sound_library.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "audio/crop.h"
#include "audio/decode.h"
#include "audio/recordings.h"
#include "base/error.h"
#include "base/text.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;

constexpr uintmax_t kLongFile = uintmax_t{2} << 20;  // bytes: a minute of 16-bit samples at 16 kHz
constexpr size_t kMostKept = size_t{1} << 26;        // samples: 256 MiB, 70 minutes at 16 kHz

bool has_part(const fs::path& below, const std::string& category) {
  return std::any_of(below.begin(), below.end(),
                     [&](const fs::path& part) { return part == category; });
}

}  // namespace

SoundLibrary::SoundLibrary(const fs::path& folder, const std::string& category,
                           const std::string& without) {
  for (auto& [path, trouble] : list_recordings(folder)) {
    if (!trouble.empty()) {
      throw UsageError(fmt::format("{}: {}", printable(path.native()), trouble));
    }
    const fs::path below = path.lexically_relative(folder);
    if (!category.empty() && !has_part(below, category)) continue;
    if (!without.empty() && path.native().find(without) != std::string::npos) continue;
    paths_.push_back(std::move(path));
  }
  if (paths_.empty()) {
    throw UsageError(fmt::format("{}: no recordings{}", printable(folder.native()),
                                 category.empty() ? "" : " in folders called " + category));
  }
}

std::shared_ptr<const Waveform> SoundLibrary::get(size_t i, int sample_rate) const {
  const std::string key = fmt::format("{}:{}", sample_rate, i);
  {
    const std::lock_guard lock(mutex_);
    const auto found = kept_.find(key);
    if (found != kept_.end()) return found->second;
  }
  auto waveform =
      std::make_shared<const Waveform>(decode(paths_[i], {.sample_rate = sample_rate}).waveform);
  const std::lock_guard lock(mutex_);
  const size_t samples = waveform->samples.size();
  if (kept_samples_ + samples <= kMostKept && kept_.emplace(key, waveform).second) {
    kept_samples_ += samples;
  }
  return waveform;
}

std::vector<float> SoundLibrary::stretch(size_t i, int sample_rate, size_t length,
                                         Random& random) const {
  std::error_code unknown;
  const auto bytes = fs::file_size(paths_[i], unknown);
  if (unknown || bytes <= kLongFile) {
    return crop_random(get(i, sample_rate)->samples, length, random);
  }
  Random own(random.bits());
  const StretchChoice choice = {length, [&own, length](size_t total) {
                                  Random again = own;  // the same answer each time
                                  return stretch_start(Stretch::kRandom, total, length, again);
                                }};
  auto waveform = seek_stretch(paths_[i], sample_rate, choice);
  if (waveform) return std::move(waveform->samples);
  return crop_random(get(i, sample_rate)->samples, length, own);
}

}  // namespace bonafide
