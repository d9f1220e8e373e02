#pragma once

#include <cmath>
#include <cstddef>
#include <numbers>

#include "audio/waveform.h"
#include "base/random.h"

namespace bonafide {

// Something like a vowel: a dozen harmonics of a gliding pitch that swell and fade, with a little
// breath.
inline Waveform make_vowel(double seconds, int sample_rate, uint64_t seed) {
  Random random(seed);
  const double pitch = random.uniform(100, 220);
  Waveform waveform{{}, sample_rate};
  double phase = 0;
  const auto count = static_cast<size_t>(seconds * sample_rate);
  for (size_t i = 0; i < count; ++i) {
    const double t = static_cast<double>(i) / sample_rate;
    phase += 2 * std::numbers::pi * pitch * (1 + 0.1 * std::sin(5 * t)) / sample_rate;
    double value = 0.01 * random.normal();
    for (int harmonic = 1; harmonic <= 12; ++harmonic) {
      value += 0.1 / harmonic * std::sin(harmonic * phase);
    }
    waveform.samples.push_back(static_cast<float>(value * (0.6 + 0.4 * std::sin(20 * t))));
  }
  return waveform;
}

}  // namespace bonafide
