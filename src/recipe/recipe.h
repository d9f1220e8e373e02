#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"

namespace bonafide {

struct RecipeLayer;

// The whole configuration of a system and of an experiment with it: the defaults of
// recipes/defaults.yaml, over them the recipe that `base` names, over them the recipe's own values,
// over them `key.key=value` overrides. Sections merge deeply, lists are replaced.
//
// A key that the defaults do not know is refused, with the nearest known one; a value must be of
// the default's kind (a whole number may stand for a real one; anything may replace null). A
// section that is {} in the defaults ("model", "loss", "score") is open: its owner checks it.
class Recipe {
 public:
  // `recipe`: a YAML file, a configuration of published code (recipe_aliases.h), or the
  // name of a built-in recipe ("aasist"). Throws UsageError.
  static Recipe load(const std::string& recipe, const std::vector<std::string>& overrides);
  // The same from text; `name` goes into messages, and ".conf" at its end means JSON.
  static Recipe parse(std::string_view yaml, const std::string& name,
                      const std::vector<std::string>& overrides);
  // From a merged tree that was stored before (a run directory, a checkpoint).
  static Recipe from_json(const Json& values, const std::string& name);

  const Json& json() const { return values_; }

  // The value at a dotted key, "optimizer.lr". The key must be one of the defaults' keys.
  const Json& at(std::string_view key) const;
  double number(std::string_view key) const { return at(key).get<double>(); }
  int64_t integer(std::string_view key) const { return at(key).get<int64_t>(); }
  bool flag(std::string_view key) const { return at(key).get<bool>(); }
  std::string text(std::string_view key) const { return at(key).get<std::string>(); }

  std::string yaml() const;

  // One line for each file or override with keys that a reference knows and that mean nothing here.
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  explicit Recipe(Json values) : values_(std::move(values)) {}
  static Recipe assemble(const std::vector<RecipeLayer>& layers,
                         const std::vector<std::string>& overrides);

  Json values_;
  std::vector<std::string> notes_;
};

// Names of the built-in recipes, sorted.
std::vector<std::string> builtin_recipes();

// YAML as a tree: scalars become null, booleans, integers, numbers or strings by YAML 1.2's core
// rules (decimal numbers only; .nan stays a word); a quoted scalar is a string. Throws UsageError,
// also for nesting or aliases that grow beyond what a recipe can mean.
//
// `is_text` says of a dotted key whether its value, and all in it, are texts that stay as they are
// written: 0012 and yes are names there. `key`: where the text itself belongs.
using TextKeys = std::function<bool(const std::string& key)>;
Json parse_yaml(std::string_view yaml, const std::string& name, const TextKeys& is_text = {},
                const std::string& key = "");

}  // namespace bonafide
