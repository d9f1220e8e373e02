#include "cli/weights.h"

#include "checkpoint/checkpoint.h"

namespace bonafide {

bool is_torchscript(const Recipe& recipe) { return recipe.text("system") == "torchscript"; }

ModelFile read_weights(const Recipe& recipe, const std::string& checkpoint) {
  ModelFile model;
  model.path = checkpoint;
  model.description = ModelDescription::from_recipe(recipe);
  if (is_torchscript(recipe)) {
    model.description.model["file"] = checkpoint;
  } else {
    model.file = read_checkpoint(checkpoint);
  }
  return model;
}

}  // namespace bonafide
