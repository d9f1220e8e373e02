#pragma once

#include <torch/torch.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json_value.h"
#include "checkpoint/tensor_file.h"

namespace bonafide {

// One golden case: a safetensors file that describes itself (../shared/golden/README.md).
class Case {
 public:
  // A file without a component is a fixture: `component` is empty.
  explicit Case(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  const std::string& component() const { return component_; }
  const Json& config() const { return config_; }
  bool training() const { return mode_ == "train"; }

  // The named input, generated, stored here, or taken from another file. Floats come as `dtype`.
  torch::Tensor input(const std::string& name, torch::Dtype dtype) const;
  bool has_input(const std::string& name) const { return inputs_.contains(name); }
  std::vector<std::string> input_names() const;

  // Fills the module as `weights` says: from the names of its tensors, which are looked up with
  // `prefix` in front, or from a checkpoint. Float32 values, whatever the module's type.
  void fill(torch::nn::Module& module, const std::string& prefix = "") const;

  struct Output {
    std::string tensor;               // stored here
    std::string of;                   // what the component calls it
    std::optional<double> tolerance;  // nothing: the case does not say
    Json select;
    bool float64 = false;
  };
  std::vector<Output> outputs() const;
  // Tensors stored here that are neither an output nor an input.
  std::vector<std::string> unused_tensors() const;
  torch::Tensor stored(const std::string& name) const;

 private:
  std::filesystem::path beside(const std::string& name) const;

  std::filesystem::path path_;
  TensorFile file_;
  std::string component_, mode_;
  Json config_, weights_, inputs_, outputs_;
};

// The stored part of a full tensor: the steps of `select` in order.
torch::Tensor select_part(torch::Tensor full, const Json& steps);

// golden.py's rule for the tensor `name`.
torch::Tensor golden_values(const std::string& name, torch::IntArrayRef shape);

}  // namespace bonafide
