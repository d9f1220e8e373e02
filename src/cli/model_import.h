#pragma once

#include <filesystem>
#include <string>

#include "checkpoint/model_file.h"

namespace bonafide {

// Makes the model file `out` of the checkpoint `in`, or of its set of weights called `set`, which
// must fit the network that the recipe describes: bonafide-torch, when it lies beside this program,
// says what that wants. `name` is the model's; "" takes the recipe's. Returns what was written.
// Throws Error, and UsageError where the recipe or the set is at fault.
struct ImportedModel {
  ModelFile model;
  std::string note;      // which weights were taken (weight_choice.h)
  bool checked = false;  // whether they were chosen to fit
};
ImportedModel import_model(const std::filesystem::path& in, const std::filesystem::path& out,
                           const Recipe& recipe, const std::string& set = "",
                           const std::string& name = "");

}  // namespace bonafide
