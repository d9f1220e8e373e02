#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json_value.h"
#include "checkpoint/tensor_file.h"
#include "recipe/recipe.h"

namespace bonafide {

// The system whose networks are programs of their own (TorchScript), which no model file holds.
inline constexpr std::string_view kProgramSystem = "torchscript";

// What a model file says about itself: all that scoring needs besides the tensors. Stored as JSON
// under the key "bonafide" of the safetensors metadata.
struct ModelDescription {
  std::string name;    // "aasist"
  std::string system;  // recipe key `system`
  Json model;          // recipe section `model`: the network's options
  Json input;          // recipe section `input`: sample_rate, samples
  Json score;          // recipe section `score`
  Json loss;           // recipe section `loss`, which a head that learns is made by; null: not said
  Json calibration;    // null, or what scoring/calibration.h reads
  Json card;           // for people: title, source, licence, training data, metrics, warnings
  Json base = {};      // null, or which of its tensors lie in other files (base_weights.h)

  // A text of the card; "" when there is none.
  std::string card_text(const std::string& key) const;

  Json to_json() const;
  // Throws Error naming `name` for a missing or ill-typed key, or a format from the future.
  static ModelDescription from_json(const Json& json, const std::string& name);
  // What the recipe says of its system; no calibration and no card. A recipe without a name gives
  // "unnamed".
  static ModelDescription from_recipe(const Recipe& recipe);
};

struct ModelFile {
  ModelDescription description;
  TensorFile file;
  std::string path = {};        // of the tensors, for messages; "" where there is no file
  bool self_described = false;  // the description is the file's own, not a recipe's
};

// A bonafide model, with what of its tensors lies in other files: a path, or the name of a built-in
// model ("builtin") or of one in model_directory(). Throws Error, and for a checkpoint that does
// not describe itself says to `bonafide convert` it first.
ModelFile read_model(const std::string& path_or_name);

// Whether a name is that of a model inside the program, of one in model_directory(), or of one that
// `bonafide models fetch` knows: no path.
bool is_model_name(const std::string& name);

// The SHA-256 of the bytes that read_model reads for this name. Throws Error as it does.
std::string model_digest(const std::string& path_or_name);

// What a file's metadata says, or nothing when the file does not describe itself. `name` goes
// into messages.
std::optional<ModelDescription> read_description(const std::map<std::string, std::string>& metadata,
                                                 const std::string& name);

// Leaves out what the description says to lie in other files.
void write_model(const std::filesystem::path& path, const ModelDescription& description,
                 TensorFile file);

// Names of the models inside the program.
std::vector<std::string> builtin_models();

// Where `bonafide models fetch` puts models, NAME.safetensors: ${XDG_DATA_HOME:-~/.local/share}/
// bonafide/models.
std::filesystem::path model_directory();
std::filesystem::path installed_model(const std::string& name);

}  // namespace bonafide
