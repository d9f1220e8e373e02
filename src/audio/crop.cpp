#include "audio/crop.h"

#include <algorithm>

#include "base/error.h"

namespace bonafide {

namespace {

std::vector<float> stretch(std::span<const float> samples, size_t start, size_t length) {
  if (samples.empty()) throw Error("a crop needs at least one sample");
  std::vector<float> cropped;
  cropped.reserve(length);
  for (size_t at = start; cropped.size() < length; at = 0) {
    const auto piece = samples.subspan(at, std::min(samples.size() - at, length - cropped.size()));
    cropped.insert(cropped.end(), piece.begin(), piece.end());
  }
  return cropped;
}

}  // namespace

std::vector<float> crop_first(std::span<const float> samples, size_t length) {
  return stretch(samples, 0, length);
}

std::vector<float> crop_random(std::span<const float> samples, size_t length, Random& random) {
  return stretch(samples, stretch_start(Stretch::kRandom, samples.size(), length, random), length);
}

size_t stretch_start(Stretch which, size_t total, size_t length, Random& random) {
  const size_t last = total > length ? total - length : 0;
  switch (which) {
    case Stretch::kRandom:
      return random.below(last + 1);
    case Stretch::kMiddle:
      return last / 2;
    case Stretch::kFirst:
    case Stretch::kWhole:
      break;
  }
  return 0;
}

std::vector<float> filled(std::vector<float> samples, size_t length, Filling filling) {
  if (samples.empty()) throw Error("a crop needs at least one sample");
  if (samples.size() >= length || filling == Filling::kNone) return samples;
  if (filling == Filling::kRepeat) return stretch(samples, 0, length);
  samples.resize(length, 0.0F);
  return samples;
}

}  // namespace bonafide
