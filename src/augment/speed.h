#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "augment/augmentation.h"

namespace bonafide {

// The windowed-sinc polyphase resampler of Kaldi's LinearResample, which the SASV recipe uses for
// speed perturbation. Output sample i of phase p = i mod phases is the sum over j of
// weights[p][j] x[first[p] + (i / phases) step + j], x being 0 outside.
class SpeedResampler {
 public:
  // `zeros`: zero crossings of the window on each side. The cut-off is `rolloff` times the lower
  // rate's Nyquist frequency. Rates in Hz; throws Error unless they are positive, and for a pair
  // with more than 10^7 taps.
  SpeedResampler(int64_t from, int64_t to, int zeros = 6, double rolloff = 0.99);

  size_t phases() const { return first_.size(); }
  size_t taps() const { return taps_; }
  const std::vector<double>& weights() const { return weights_; }  // phases x taps
  const std::vector<int64_t>& first_indices() const { return first_; }

  // How many samples come out for so many in: those whose time lies within the input's.
  size_t output_size(size_t input) const;
  std::vector<float> run(std::span<const float> x) const;
  std::vector<double> run(std::span<const double> x) const;

 private:
  template <typename T>
  std::vector<T> convolve(std::span<const T> x) const;

  int64_t step_;  // input samples from one use of a phase to the next
  int64_t from_, to_;
  size_t taps_ = 0;
  std::vector<int64_t> first_;
  std::vector<double> weights_;
};

// {name: speed, rates: [0.95, 1.05], keep_length: true}: resampled to rate x the sample rate and
// played at the old one; then repeated or cut at the end to the old length.
std::unique_ptr<Augmentation> make_speed(Parameters& parameters);

}  // namespace bonafide
