#pragma once

#include <torch/types.h>

namespace bonafide {

// x weight^T + bias, [B, in] -> [B, out], each sum taken term by term from the first to the last:
// the same numbers whatever the BLAS, its threads and the batch. Without gradients; the tensors
// must lie on the CPU.
torch::Tensor ordered_linear(const torch::Tensor& x, const torch::Tensor& weight,
                             const torch::Tensor& bias);

}  // namespace bonafide
