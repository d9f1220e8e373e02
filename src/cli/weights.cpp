#include "cli/weights.h"

#include <fmt/format.h>

#include <filesystem>

#include "base/error.h"
#include "base/text.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/model_file.h"
#include "checkpoint/weight_choice.h"
#include "cli/say.h"
#include "systems/torch_backend.h"

namespace bonafide {

namespace {

void refuse_set(const std::string& checkpoint, const std::string& set, std::string_view why) {
  if (set.empty()) return;
  throw UsageError(
      fmt::format("{}: --weights-from {}: {}", printable(checkpoint), printable(set), why));
}

}  // namespace

bool is_torchscript(const Recipe& recipe) { return recipe.text("system") == kProgramSystem; }

bool describes_itself(const std::string& model) {
  std::error_code unknown;
  const bool is_file = std::filesystem::is_regular_file(model, unknown);
  if (!is_file && (is_model_name(model) || !std::filesystem::exists(model, unknown))) return true;
  return read_description(read_stored_weights(model).metadata, model).has_value();
}

RecipeWeights read_weights(const Recipe& recipe, const std::string& checkpoint,
                           const std::string& set, const SystemTable& systems) {
  ModelFile model;
  model.path = checkpoint;
  model.description = ModelDescription::from_recipe(recipe);
  if (is_torchscript(recipe)) {
    refuse_set(checkpoint, set, "a TorchScript file has one");
    model.description.model["file"] = checkpoint;
    return {model};
  }
  const StoredWeights stored = read_stored_weights(checkpoint);
  if (const auto own = read_description(stored.metadata, checkpoint)) {
    refuse_set(checkpoint, set, "a model file has one");
    if (own->system != model.description.system || own->model != model.description.model) {
      throw UsageError(fmt::format("{}: describes itself as {}, which the recipe's network is not",
                                   printable(checkpoint), printable(own->name)));
    }
    return {read_model(checkpoint)};
  }
  const auto wanted = wanted_by(model.description, stored.bytes(), systems);
  WeightChoice choice = choose_weights(stored, wanted, set, checkpoint);
  model.file = std::move(choice.file);
  return {std::move(model), std::move(choice.note)};
}

void say_note(const std::string& checkpoint, const std::string& note) {
  if (!note.empty()) say("bonafide: note: {}: {}\n", printable(checkpoint), note);
}

}  // namespace bonafide
