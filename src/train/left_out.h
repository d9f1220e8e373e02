#pragma once

#include <torch/torch.h>

#include <vector>

#include "checkpoint/base_weights.h"
#include "recipe/recipe.h"

namespace bonafide {

// What the models and states of a run need not hold (base_weights.h): where the recipe has
// train.store_frozen off, the parameters that train.freeze names for good and that were taken of
// other files. Null where there are none.
Json left_out(const Recipe& recipe, const torch::nn::Module& module,
              const std::vector<WeightOrigin>& origins);

// A run that goes on must keep frozen what its state leaves out. Throws UsageError naming a
// parameter that would learn.
void expect_still_frozen(const Recipe& recipe, const Json& base);

}  // namespace bonafide
