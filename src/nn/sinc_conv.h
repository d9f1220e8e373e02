#pragma once

#include <torch/types.h>

#include <utility>

namespace bonafide {

// Convolution with a fixed filter bank, which belongs to no state dict. Copies are cheap.
class SincConv {
 public:
  explicit SincConv(torch::Tensor band_pass);  // [filters, taps], float64

  // [B, N] -> [B, filters, N - taps + 1], in the type and on the device of `wave`.
  torch::Tensor forward(const torch::Tensor& wave);

  int64_t filters() const { return band_pass_.size(0); }

  // From now on rows first .. first+count-1 are zero (frequency masking; count 0: none).
  void mask(int64_t first, int64_t count);

  // Another bank of the same shape, in the place of the computed one.
  void replace(const torch::Tensor& band_pass);

 private:
  torch::Tensor band_pass_;
  std::pair<int64_t, int64_t> masked_ = {0, 0};
  torch::Tensor ready_;  // masked, [filters, 1, taps], as the last input needed it
};

}  // namespace bonafide
