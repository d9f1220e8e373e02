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

// What a module took of a file that need not fit it whole. Batch-norm counters, which may be
// missing, are taken and not counted.
struct Taken {
  std::vector<std::string> names;      // of the module's tensors that have the file's values now
  std::vector<std::string> misshapen;  // that the file has in another shape
  std::vector<std::string> absent;     // that the file does not have
  std::vector<std::string> surplus;    // of the file, without a place in the module
};

// Copies those of the file's tensors that fit by name and shape, into the module's tensors whose
// names begin with `into`. Of the file only names that begin with `take` count, and `into` stands
// in its place.
Taken take_state(torch::nn::Module& module, const TensorFile& file, const std::string& take = "",
                 const std::string& into = "");

}  // namespace bonafide
