#pragma once

#include <torch/torch.h>

#include <memory>
#include <string>
#include <vector>

#include "base/json.h"
#include "checkpoint/tensor_file.h"

namespace bonafide {

// The optimiser that the recipe section `optimizer` describes. Parameters that never get a gradient
// are left alone, weight decay included. Throws UsageError.
std::unique_ptr<torch::optim::Optimizer> make_optimizer(const Json& options,
                                                        std::vector<torch::Tensor> parameters);

void set_learning_rate(torch::optim::Optimizer& optimizer, double rate);

// The optimiser's memory, as tensors whose names begin with `prefix`, and back again.
void save_optimizer(torch::optim::Optimizer& optimizer, const std::string& prefix,
                    TensorFile& file);
void load_optimizer(torch::optim::Optimizer& optimizer, const std::string& prefix,
                    const TensorFile& file);

}  // namespace bonafide
