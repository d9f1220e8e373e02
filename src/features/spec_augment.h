#pragma once

#include <torch/types.h>

#include "base/random.h"

namespace bonafide {

// A band of rows or of columns.
struct Mask {
  int64_t start = 0;
  int64_t width = 0;
};

// A width of 0 .. widest and a place within `length`, each as likely as the others.
Mask draw_mask(int64_t length, int64_t widest, Random& random);

// SpecAugment (Park et al., Interspeech 2019) with one mask of each kind: a copy of the map
// [rows, frames] in which the masked values are 0.
torch::Tensor masked(const torch::Tensor& map, const Mask& rows, const Mask& frames);

}  // namespace bonafide
