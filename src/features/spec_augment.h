#pragma once

#include <torch/types.h>

#include "augment/spec_masks.h"

namespace bonafide {

// SpecAugment (Park et al., Interspeech 2019) with one mask of each kind: a copy of the map
// [rows, frames] in which the masked values are 0. Throws Error for a mask beyond the map.
torch::Tensor masked(const torch::Tensor& map, const Mask& rows, const Mask& frames);

}  // namespace bonafide
