#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"

namespace bonafide {

// Configurations of two published programs, read as recipes: the .conf files (JSON) of
// clovaai/aasist and what was built on it, and the Hydra configuration of
// Melodiz/LightCNN_ASVspoof2019. docs/training.md lists every key.

// What such keys come to.
struct Translation {
  Json values = Json::object();          // a recipe's tree
  std::vector<std::string> ineffective;  // keys that are known, and mean nothing here
};

// The program whose configuration a tree is, told by keys that a recipe never has at its top.
enum class ForeignRecipe { kNone, kAasistConf, kHydra };
ForeignRecipe recognise(const Json& tree);

// The whole configuration. The built-in recipe of its architecture comes as `base`, and what is not
// said stays as there; `name` goes into messages. Throws UsageError for a key that the published
// code does not have, with the nearest that it has, and for a value that it would not take.
Translation translate(const Json& tree, ForeignRecipe kind, const std::string& name);

// One override "key=value" by a name of the Hydra configuration ("trainer.n_epochs"); nothing when
// the key is none of them.
std::optional<Translation> translate_override(std::string_view key, const Json& value,
                                              const std::string& name);

// Whether a key of a reference stands for one of ours that takes a text (recipe_schema.h).
bool takes_text(ForeignRecipe kind, const std::string& key);

// Every key of both, dotted; "metrics.*" stands for all below.
std::vector<std::string> foreign_keys();

// The key of the Hydra configuration that was meant, if one is near enough.
std::optional<std::string> nearest_foreign_key(std::string_view key);

}  // namespace bonafide
