#pragma once

#include <torch/torch.h>

#include <cstdint>

namespace bonafide {

// Three linear layers to two logits, each half as wide as the one before, with batch normalisation
// and ReLU between them: [B, dim] -> [B, 2]. Throws UsageError for fewer than 4 dimensions.
torch::nn::Sequential make_ff_stack(int64_t dim);

}  // namespace bonafide
