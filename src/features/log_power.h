#pragma once

#include <torch/types.h>

#include <cstdint>
#include <string>

#include "base/options.h"

namespace bonafide {

// Short-time power spectra on a logarithmic scale. The defaults are LightCNN's (Lavrentyeva et al.,
// Interspeech 2019, arXiv:1904.05576).
struct LogPowerOptions {
  int64_t fft_length = 1724;     // samples
  int64_t window_length = 1724;  // samples; a shorter window lies in the middle of the FFT's
  int64_t hop_length = 130;      // samples
  std::string window = "blackman-periodic";
  std::string padding = "center-reflect";  // or none: frames begin at sample 0
  double log_floor = 1e-6;                 // added to the power

  static std::vector<std::string> keys();
  void read(const OptionReader& reader);
};

// ln(|X|^2 + floor) of a waveform [N]: [fft_length / 2 + 1, 1 + N / hop_length] with centred
// frames. A waveform too short for a frame is repeated first. In the type of `wave`.
torch::Tensor log_power_spectrogram(const torch::Tensor& wave, const LogPowerOptions& options);

}  // namespace bonafide
