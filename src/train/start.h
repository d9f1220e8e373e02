#pragma once

#include <torch/torch.h>

#include <string>
#include <vector>

#include "base/json.h"
#include "checkpoint/base_weights.h"

namespace bonafide {

// Weights that a training begins with: one entry of a recipe's list `init`.
struct Start {
  std::string from;  // a checkpoint, a model's name, or the folder of a run
  std::string set;   // of several sets of weights (weight_choice.h); "": the plain one
  std::string take;  // only tensors whose names begin so, without this beginning
  std::string into;  // what is put before their names
  std::vector<std::string> require;  // patterns ("encoder.*") of our tensors that must be taken
};

// Throws UsageError, naming the entry, for what is no such list.
std::vector<Start> read_starts(const Json& init);

struct Begun {
  std::vector<std::string> lines;     // one for each entry: what was taken and what was not
  std::vector<WeightOrigin> origins;  // of the tensors that lie in a file as they were taken
};

// Copies into the module what fits by name and shape, one entry after another. Throws Error, naming
// the file, when nothing fits or something required is not there.
Begun start_from(const std::vector<Start>& starts, torch::nn::Module& module);

}  // namespace bonafide
