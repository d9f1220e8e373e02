#pragma once

#include <vector>

namespace bonafide {

// Mono audio. Samples are in [-1, 1] as a rule: 16-bit PCM divided by 32768.
struct Waveform {
  std::vector<float> samples;
  int sample_rate = 0;  // Hz

  double seconds() const {
    return sample_rate > 0 ? static_cast<double>(samples.size()) / sample_rate : 0.0;
  }
};

}  // namespace bonafide
