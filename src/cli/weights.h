#pragma once

#include <string>

#include "checkpoint/model_file.h"
#include "recipe/recipe.h"
#include "systems/system.h"

namespace bonafide {

// Whether the recipe's network is a program of its own, which no checkpoint reader opens.
bool is_torchscript(const Recipe& recipe);

// Whether a path or the name of a model stands for a model file, which needs no recipe.
bool describes_itself(const std::string& model);

// Weights for the recipe's system.
struct RecipeWeights {
  ModelFile model;
  std::string note = {};  // which of the file's weights were taken (weight_choice.h)
};

// The recipe's system with the weights of any published checkpoint of it, or with its set of
// weights called `set`. What a checkpoint says of itself (window, score, calibration) counts before
// the recipe. Throws Error, and UsageError for one that describes another network.
RecipeWeights read_weights(const Recipe& recipe, const std::string& checkpoint,
                           const std::string& set, const SystemTable& systems);

// One line on standard error, where there is something to say.
void say_note(const std::string& checkpoint, const std::string& note);

}  // namespace bonafide
