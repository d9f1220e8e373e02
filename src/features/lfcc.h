#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/options.h"

namespace bonafide {

// Linear-frequency cepstral coefficients as the ASVspoof 2019 baseline extracts them (Sahidullah et
// al., Interspeech 2015): windows with half a window between them, no normalisation.
struct LfccOptions {
  double sample_rate = 16000;  // Hz
  double preemphasis = 0.97;
  double window_milliseconds = 20;
  int64_t fft_length = 512;
  int64_t filters = 20;  // triangles of equal width from 0 Hz to half the sample rate
  double log_floor = 2.220446049250313e-16;  // added to each filter's power
  int64_t delta_window = 3;                  // frames, odd; 3: c[t + 1] - c[t - 1]

  static std::vector<std::string> keys();
  void read(const OptionReader& reader);
};

// The coefficients of a waveform [N], then their deltas, then the deltas of these:
// [3 * filters, T], float64. The first frame begins at sample 0, the last one is filled with zeros.
// Throws Error for a waveform of half a window or less, which has no frame.
torch::Tensor lfcc(const torch::Tensor& wave, const LfccOptions& options);

}  // namespace bonafide
