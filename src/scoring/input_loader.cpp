#include "scoring/input_loader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <new>

#include "audio/decode.h"
#include "base/error.h"
#include "base/random.h"
#include "base/text.h"

namespace bonafide {

namespace {

constexpr double kShortest = 0.02;  // seconds; less is no speech
constexpr size_t kDetailLimit = 1000;

// At most `length` samples from `start`.
Window window_at(std::span<const float> samples, size_t start, size_t length) {
  const auto window = samples.subspan(start, std::min(length, samples.size() - start));
  return {start, {window.begin(), window.end()}};
}

Recording read_recording(const Input& input, const ScoringOptions& options) {
  const DecodeOptions as_wanted{.sample_rate = options.sample_rate};
  if (input.is_pipe) return decode_pipe(input.location.path, as_wanted);
  return options.cache != nullptr ? options.cache->read(input.location, options.sample_rate)
                                  : decode(input.location, as_wanted);
}

void cut_windows(std::span<const float> samples, const ScoringOptions& options,
                 LoadedInput& loaded) {
  const bool several = options.segments || options.over != Over::kFirst;
  Random unused(0);
  const size_t start = stretch_start(options.stretch, samples.size(), options.samples, unused);
  loaded.head = !several || (start > 0 && options.over == Over::kFirst);
  if (loaded.head) loaded.windows.push_back(window_at(samples, start, options.samples));
  if (!several) return;
  for (const size_t at : segment_starts(samples.size(), options.samples)) {
    loaded.windows.push_back(window_at(samples, at, options.samples));
  }
}

// `pair`: names the recording and its reference.
std::shared_ptr<const std::vector<float>> as_it_sounds(const Reference& reference,
                                                       const ScoringOptions& options,
                                                       const std::string& pair) {
  const ReferenceSound& sound = options.reference_sound;
  if (!sound.changes()) return reference.samples;
  Random random(options.seed, hash(pair));
  const auto noise = draw_noise(reference.samples->size(), random);
  return std::make_shared<const std::vector<float>>(
      degrade<float>(*reference.samples, options.sample_rate, sound, noise));
}

LoadedInput failure(const AudioLocation& location, std::string reason) {
  const std::string prefix = printable(location.name()) + ": ";
  if (reason.starts_with(prefix)) reason.erase(0, prefix.size());
  LoadedInput loaded;
  loaded.failed = true;
  loaded.detail = printable(reason, kDetailLimit);
  return loaded;
}

}  // namespace

InputLoader::InputLoader(const ScoringOptions& options, const Backend& backend)
    : options_(options),
      compares_(backend.compares()),
      needs_reference_(backend.needs_reference()),
      references_(options) {}

LoadedInput InputLoader::load_or_say_why(const Input& input) {
  try {
    return load(input);
  } catch (const std::bad_alloc&) {
    return failure(input.location, "out of memory");
  } catch (const std::exception& e) {
    return failure(input.location, e.what());
  }
}

LoadedInput InputLoader::load(const Input& input) {
  if (!input.trouble.empty()) throw Error(input.trouble);
  if (needs_reference_ && input.references.empty()) {
    throw Error("no reference to compare it with");
  }
  const Recording recording = read_recording(input, options_);
  LoadedInput loaded;
  loaded.seconds = recording.waveform.seconds();
  loaded.constant = recording.constant;
  loaded.detail = fmt::format("{}", fmt::join(recording.warnings, "; "));
  if (loaded.seconds < kShortest) {
    throw Error(fmt::format("{:.1f} ms of audio; at least {:.0f} ms are needed",
                            1000 * loaded.seconds, 1000 * kShortest));
  }
  cut_windows(recording.waveform.samples, options_, loaded);
  if (compares_) add_references(input, recording.waveform.samples, loaded);
  return loaded;
}

void InputLoader::add_references(const Input& input, std::span<const float> samples,
                                 LoadedInput& loaded) {
  if (input.references.empty()) {
    append_detail(loaded.detail, "without a reference: beside a vector of zeros");
  }
  const auto compared = samples.first(std::min(samples.size(), options_.samples));
  const std::string own = input.references.empty() ? "" : digest_of(compared);
  for (const AudioLocation& location : input.references) {
    const Reference reference = references_.read(location);
    const std::string name = printable(location.name());
    if (reference.digest == own) {
      append_detail(loaded.detail, fmt::format("reference {}: the recording itself", name));
    } else if (!reference.remark.empty()) {
      append_detail(loaded.detail, fmt::format("reference {}: {}", name, reference.remark));
    }
    loaded.references.push_back(
        as_it_sounds(reference, options_, input.location.name() + "\n" + location.name()));
  }
}

std::vector<size_t> segment_starts(size_t length, size_t window) {
  std::vector<size_t> starts{0};
  for (size_t start = window; start < length && 4 * (length - start) >= window; start += window) {
    starts.push_back(start);
  }
  return starts;
}

// "digital silence", "constant signal", or "" for samples that vary.
std::string stillness(std::span<const float> samples) {
  const auto change = std::adjacent_find(samples.begin(), samples.end(), std::not_equal_to<>());
  if (samples.empty() || change != samples.end()) return "";
  return samples.front() == 0 ? "digital silence" : "constant signal";
}

void append_detail(std::string& detail, const std::string& text) {
  detail += (detail.empty() ? "" : "; ") + text;
}

}  // namespace bonafide
