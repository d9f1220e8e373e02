#pragma once

#include <torch/types.h>

#include "checkpoint/tensor_file.h"

namespace bonafide {

// The same values in LibTorch's hands. Shares the bytes while `tensor.owner` lives.
torch::Tensor to_torch(const Tensor& tensor);

// A copy in a checkpoint's hands. Throws Error for a type that no checkpoint holds.
Tensor from_torch(const torch::Tensor& tensor);

}  // namespace bonafide
