#pragma once

#include <torch/types.h>

#include <array>

namespace bonafide {

// The largest value of each window of so many rows and columns, windows lying side by side; rows
// and columns that do not fill one are left out: [B, C, H, W] -> [B, C, H / rows, W / columns].
// torch::max_pool2d to the bit, gradients and NaN included, which goes value by value where maps
// lie channels-first in a processor's memory and takes several times as long there.
torch::Tensor max_pool(const torch::Tensor& x, std::array<int64_t, 2> window);

// The same along the last axis of [B, C, T].
torch::Tensor max_pool(const torch::Tensor& x, int64_t window);

}  // namespace bonafide
