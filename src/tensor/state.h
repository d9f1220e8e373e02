#pragma once

#include <torch/torch.h>

#include <string>
#include <utility>
#include <vector>

#include "checkpoint/tensor_file.h"
#include "checkpoint/weight_fit.h"

namespace bonafide {

using NamedTensors = std::vector<std::pair<std::string, torch::Tensor>>;

// Parameters and buffers in the order and under the names of PyTorch's state_dict(): of each module
// first its parameters, then its buffers, then its children.
NamedTensors state_of(const torch::nn::Module& module);

// Copies of the state, for a file.
TensorFile save_state(const torch::nn::Module& module);

// What the module's state wants of a file.
std::vector<WantedTensor> wanted_by(const torch::nn::Module& module);

// Copies the file's tensors into the module. Throws Error that says which tensors are missing, left
// over, or of another shape; `name` is the file's. Batch-norm counters may be missing.
void load_state(torch::nn::Module& module, const TensorFile& file, const std::string& name);

}  // namespace bonafide
