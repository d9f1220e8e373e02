#include "scoring/reference_sound.h"

#include <algorithm>
#include <cmath>

namespace bonafide {

namespace {

template <typename Real>
double mean_square(std::span<const Real> samples) {
  double sum = 0;
  for (const Real sample : samples) sum += static_cast<double>(sample) * sample;
  return samples.empty() ? 0 : sum / static_cast<double>(samples.size());
}

}  // namespace

size_t ReferenceSound::length(size_t samples, int sample_rate) const {
  if (seconds <= 0) return samples;
  return std::min(samples, static_cast<size_t>(std::lround(seconds * sample_rate)));
}

template <typename Real>
std::vector<Real> degrade(std::span<const Real> reference, int sample_rate,
                          const ReferenceSound& sound, std::span<const Real> noise) {
  using Kind = ReferenceSound::Kind;
  reference = reference.first(sound.length(reference.size(), sample_rate));
  std::vector<Real> changed(reference.begin(), reference.end());
  if (sound.kind == Kind::kSilence) std::fill(changed.begin(), changed.end(), Real{0});
  if (sound.kind != Kind::kNoise && sound.kind != Kind::kNoisy) return changed;
  noise = noise.first(reference.size());
  const double power = mean_square(noise);
  const double below = sound.kind == Kind::kNoisy ? sound.snr : 0;  // dB under the reference
  const double level =
      power > 0 ? std::sqrt(mean_square(reference) / power) * std::pow(10.0, -below / 20) : 0;
  for (size_t i = 0; i < changed.size(); ++i) {
    const double kept = sound.kind == Kind::kNoisy ? static_cast<double>(changed[i]) : 0;
    changed[i] = static_cast<Real>(kept + level * static_cast<double>(noise[i]));
  }
  return changed;
}

template std::vector<float> degrade(std::span<const float>, int, const ReferenceSound&,
                                    std::span<const float>);
template std::vector<double> degrade(std::span<const double>, int, const ReferenceSound&,
                                     std::span<const double>);

std::vector<float> draw_noise(size_t samples, Random& random) {
  std::vector<float> noise(samples);
  for (float& sample : noise) sample = static_cast<float>(random.normal());
  return noise;
}

}  // namespace bonafide
