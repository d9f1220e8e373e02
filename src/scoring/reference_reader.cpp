#include "scoring/reference_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "audio/decode.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/text.h"

namespace bonafide {

namespace {

constexpr size_t kKept = 64;
constexpr double kShort = 1;  // second: less says little of a voice

}  // namespace

std::string digest_of(std::span<const float> samples) { return sha256(std::as_bytes(samples)); }

Reference ReferenceReader::read_anew(const AudioLocation& location) const {
  Recording recording;
  try {
    recording = decode(location, {.sample_rate = options_.sample_rate});
  } catch (const Error& e) {
    throw Error(fmt::format("reference {}", e.what()));
  }
  const double seconds = recording.waveform.seconds();
  std::vector<float>& samples = recording.waveform.samples;
  samples.resize(std::min(samples.size(), options_.samples));
  Reference reference;
  if (recording.constant) {
    reference.remark = "without any variation";
  } else if (seconds < kShort) {
    reference.remark = fmt::format("only {:.2f} s long", seconds);
  }
  reference.digest = digest_of(samples);
  reference.samples = std::make_shared<const std::vector<float>>(std::move(samples));
  return reference;
}

Reference ReferenceReader::read(const AudioLocation& location) {
  const std::string name = location.name();
  const auto named = [&](const auto& entry) { return entry.first == name; };
  {
    const std::lock_guard lock(mutex_);
    const auto kept = std::find_if(kept_.begin(), kept_.end(), named);
    if (kept != kept_.end()) {
      kept_.splice(kept_.begin(), kept_, kept);
      return kept_.front().second;
    }
  }
  Reference reference = read_anew(location);
  const std::lock_guard lock(mutex_);
  if (std::any_of(kept_.begin(), kept_.end(), named)) return reference;  // another thread's, too
  kept_.emplace_front(name, reference);
  if (kept_.size() > kKept) kept_.pop_back();
  return reference;
}

}  // namespace bonafide
