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
  const size_t starts = samples.size() >= length ? samples.size() - length + 1 : 1;
  return stretch(samples, random.below(starts), length);
}

}  // namespace bonafide
