#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace bonafide {

// What a mel spectrogram loses: a spectrum's bins go into triangular bands (2595 log10(1 + f/700),
// 0 Hz to half the rate) and come back by the pseudo-inverse, negative ones set to 0.
class MelSmear {
 public:
  // Throws Error for fewer than 1 band, or more than bins.
  MelSmear(size_t bins, int sample_rate, int bands);

  void apply(std::span<float> spectrum) const;

 private:
  size_t bins_, bands_;
  std::vector<double> there_;  // bands x bins
  std::vector<double> back_;   // bins x bands
};

}  // namespace bonafide
