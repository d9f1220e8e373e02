#pragma once

#include <torch/types.h>

#include "base/random.h"

namespace bonafide {

// Of a map [rows, T] the first `frames` columns; a shorter one is repeated from its beginning.
torch::Tensor first_frames(const torch::Tensor& map, int64_t frames);

// The same from a random column on, every place where it fits equally likely.
torch::Tensor random_frames(const torch::Tensor& map, int64_t frames, Random& random);

}  // namespace bonafide
