#pragma once

#include <torch/types.h>

namespace bonafide {

// Keeps the larger of the two halves of the channels (Wu et al., IEEE TIFS 2018): [B, 2C, ...] ->
// [B, C, ...]. Throws Error for an odd number of channels.
torch::Tensor max_feature_map(const torch::Tensor& x);

}  // namespace bonafide
