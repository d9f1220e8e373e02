#pragma once

#include <string>

#include "base/recipe.h"
#include "checkpoint/model_file.h"

namespace bonafide {

// Whether the recipe's network is a program of its own, which no checkpoint reader opens.
bool is_torchscript(const Recipe& recipe);

// The recipe's system with the weights of any published checkpoint of it. What a checkpoint says of
// itself (window, score, calibration) counts before the recipe. Throws Error, and UsageError for
// one that describes another network.
ModelFile read_weights(const Recipe& recipe, const std::string& checkpoint);

}  // namespace bonafide
