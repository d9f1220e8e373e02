#include "cli/weights.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "checkpoint/checkpoint.h"

namespace bonafide {

bool is_torchscript(const Recipe& recipe) { return recipe.text("system") == "torchscript"; }

ModelFile read_weights(const Recipe& recipe, const std::string& checkpoint) {
  ModelFile model;
  model.path = checkpoint;
  model.description = ModelDescription::from_recipe(recipe);
  if (is_torchscript(recipe)) {
    model.description.model["file"] = checkpoint;
    return model;
  }
  model.file = read_checkpoint(checkpoint);
  if (const auto own = read_description(model.file, checkpoint)) {
    if (own->system != model.description.system || own->model != model.description.model) {
      throw UsageError(fmt::format("{}: describes itself as {}, which the recipe's network is not",
                                   printable(checkpoint), printable(own->name)));
    }
    return read_model(checkpoint);
  }
  return model;
}

}  // namespace bonafide
