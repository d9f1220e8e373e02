#pragma once

#include <filesystem>
#include <string>

#include "checkpoint/model_file.h"

namespace bonafide {

// Makes the model file `out` of the checkpoint `in`, which must fit the network that the recipe
// describes: bonafide-torch, when it lies beside this program, is asked before `out` appears.
// `name` is the model's; "" takes the recipe's. Returns what was written. Throws Error.
struct ImportedModel {
  ModelFile model;
  bool checked = false;  // whether the fit was checked
};
ImportedModel import_model(const std::filesystem::path& in, const std::filesystem::path& out,
                           const Recipe& recipe, const std::string& name = "");

}  // namespace bonafide
