#pragma once

#include <torch/torch.h>

#include <memory>
#include <string>
#include <vector>

#include "base/json.h"
#include "checkpoint/tensor_file.h"

namespace bonafide {

// An optimiser over the parameters of a module, in groups that may learn at rates of their own.
// Parameters that never get a gradient are left alone, weight decay included.
class Optimizer {
 public:
  // `options`: the recipe section `optimizer`. A parameter belongs to the first entry of
  // optimizer.groups whose `match` (a shell pattern, * and ?) fits its name; those that fit none
  // use the section's own options. Throws UsageError, also for a pattern that fits no parameter.
  Optimizer(const Json& options, const torch::nn::Module& module);

  // Every group learns at `rate` times its lr_scale.
  void set_learning_rate(double rate);
  void zero_grad() { optimizer_->zero_grad(); }
  void step() { optimizer_->step(); }

  // The optimiser's memory, as tensors whose names begin with `prefix`, and back again.
  void save(const std::string& prefix, TensorFile& file) const;
  void load(const std::string& prefix, const TensorFile& file);

 private:
  std::string name_;
  std::unique_ptr<torch::optim::Optimizer> optimizer_;
  std::vector<double> scales_;  // lr_scale of each group
};

}  // namespace bonafide
