#pragma once

#include <torch/types.h>

#include <vector>

namespace bonafide {

// The fixed band-pass bank of RawNet2, RawGAT-ST and AASIST (Tak et al., ICASSP 2021): Hamming
// windowed differences of sinc low-passes between band edges equally spaced in mel, 0 Hz to half
// the sample rate.
struct SincFilters {
  torch::Tensor band_pass;    // [filters, taps], float64, evaluated in single precision
  std::vector<double> edges;  // Hz, filters + 1
};

// The published networks hear 16 kHz.
inline constexpr double kSincSampleRate = 16000;  // Hz

// The number of taps of a filter for which `taps` are asked: the next odd one.
constexpr int64_t odd_taps(int64_t taps) { return taps + (taps % 2 == 0 ? 1 : 0); }

// `taps` must be odd. Throws Error for sizes that are not positive.
SincFilters make_sinc_filters(int64_t filters, int64_t taps, double sample_rate);

}  // namespace bonafide
