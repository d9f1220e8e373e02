#pragma once

#include <torch/types.h>

namespace bonafide {

// x times the standard normal distribution function at x (the exact form, by erf).
//
// LibTorch 1.13 with oneDNN returns garbage gradients in float32 where the gradient that comes in
// is laid out differently from x, as behind a transposition. Here both are contiguous.
torch::Tensor exact_gelu(const torch::Tensor& x);

}  // namespace bonafide
