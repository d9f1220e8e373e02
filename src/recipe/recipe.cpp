#include "recipe/recipe.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/json_value.h"
#include "base/resource.h"
#include "base/text.h"
#include "recipe/recipe_aliases.h"
#include "recipe/recipe_layers.h"
#include "recipe/recipe_schema.h"

namespace bonafide {

namespace {

constexpr size_t kMaxDepth = 32;

bool is_list_of_numbers(const Json& value) {
  return value.is_array() && !value.empty() &&
         std::all_of(value.begin(), value.end(), [](const Json& item) { return item.is_number(); });
}

std::string kind(const Json& value) {
  if (value.is_boolean()) return "true or false";
  if (value.is_number_integer()) return "a whole number";
  if (value.is_number()) return "a number";
  if (value.is_string()) return "a word";
  if (value.is_array()) return is_list_of_numbers(value) ? "a list of numbers" : "a list";
  if (value.is_object()) return "a section";
  return "nothing";
}

// JSON writes an infinite number as null.
bool is_stored_infinity(const Json& wanted, const Json& given) {
  return given.is_null() && wanted.is_number_float() && std::isinf(wanted.get<double>());
}

// Nothing or a word; a whole number of a JSON file is a word that looks like one.
bool fits_text(const Json& given) {
  return given.is_null() || given.is_string() || given.is_number_integer();
}

bool fits(const Json& wanted, const Json& given) {
  if (wanted.is_null() || is_stored_infinity(wanted, given)) return true;
  if (wanted.is_number_integer()) return given.is_number_integer();
  if (wanted.is_number()) return given.is_number();
  if (is_list_of_numbers(wanted)) return is_list_of_numbers(given);
  return wanted.type() == given.type();
}

// The given value as the default's kind.
Json converted(const Json& wanted, const Json& given) {
  if (is_stored_infinity(wanted, given)) return wanted;
  if (wanted.is_number_float()) return given.get<double>();
  return given;
}

void merge_open(Json& values, const Json& given) {
  for (const auto& [key, value] : given.items()) {
    if (value.is_object() && values.contains(key) && values[key].is_object()) {
      merge_open(values[key], value);
    } else {
      values[key] = value;
    }
  }
}

std::vector<std::string> keys_of(const Json& section) {
  std::vector<std::string> keys;
  for (const auto& item : section.items()) keys.push_back(item.key());
  return keys;
}

std::string unknown_key(const Json& section, const std::string& key, const std::string& path) {
  if (path.empty() && key == "base") return "base: only a recipe's file builds on another";
  const std::vector<std::string> there = keys_of(section);
  std::vector<std::string> known = there;
  if (path.empty()) known.emplace_back("base");
  const std::string text = fmt::format("unknown key \"{}\"", printable(path + key));
  if (const auto meant = nearest(key, known)) {
    return fmt::format("{} (did you mean \"{}\"?)", text, path + *meant);
  }
  return fmt::format("{} (there are: {})", text, fmt::join(there, ", "));
}

bool is_text(const std::string& key) { return recipe_schema().texts.contains(key); }

// The value of a key that takes a text. Throws UsageError for anything else.
Json text_of(const Json& wanted, const Json& given, const std::string& key,
             const std::string& name) {
  if (given.is_structured() && recipe_schema().parts.contains(key)) return given;
  const bool may_be = wanted.is_array() ? given.is_array() : fits_text(given);
  const bool may_be_open = wanted.is_null() || recipe_schema().optional.contains(key);
  if (!may_be || (given.is_null() && !may_be_open)) {
    throw UsageError(fmt::format("{}: {} is {}; expected {}", printable(name), key,
                                 printable(given.dump()), wanted.is_array() ? "a list" : "a word"));
  }
  return given.is_number_integer() ? Json(given.dump()) : given;
}

// Writes `given` over `values`, whose keys and kinds `kinds` has. `path`: "" or "optimizer.".
void merge(Json& values, const Json& kinds, const Json& given, const std::string& name,
           const std::string& path) {
  if (!given.is_object()) {
    throw UsageError(fmt::format(
        "{}: {} is {}; expected a section of \"key: value\" lines{}", printable(name),
        path.empty() ? "the recipe" : path.substr(0, path.size() - 1), kind(given),
        path.empty() || kinds.empty() ? ""
                                      : fmt::format(" ({})", fmt::join(keys_of(kinds), ", "))));
  }
  if (kinds.empty()) return merge_open(values, given);
  for (const auto& [key, value] : given.items()) {
    if (!kinds.contains(key)) {
      throw UsageError(fmt::format("{}: {}", printable(name), unknown_key(kinds, key, path)));
    }
    const Json& wanted = kinds[key];
    if (wanted.is_object()) {
      merge(values[key], wanted, value, name, path + key + ".");
    } else if (is_text(path + key)) {
      values[key] = text_of(wanted, value, path + key, name);
    } else if (fits(wanted, value)) {
      values[key] = converted(wanted, value);
    } else {
      throw UsageError(fmt::format("{}: {}{} is {}; expected {}", printable(name), path, key,
                                   printable(value.dump()), kind(wanted)));
    }
  }
}

struct Override {
  std::string key;
  Json value;
};

bool is_text_by_any_name(const std::string& key) {
  return is_text(key) || takes_text(ForeignRecipe::kHydra, key);
}

// "a.b.c=value". Hydra's "+" in front, which adds a key there, says nothing here.
Override parse_override(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw UsageError(fmt::format("{}: not of the form key=value", printable(text)));
  }
  if (!is_utf8(text)) throw UsageError(fmt::format("{}: not UTF-8 text", printable(text)));
  std::string key = text.substr(0, equals);
  key.erase(0, std::min(key.find_first_not_of('+'), size_t{2}));
  if (split(key, '.').size() > kMaxDepth) {
    throw UsageError(fmt::format("{}: more than {} keys deep", printable(text), kMaxDepth));
  }
  Json value = parse_yaml(text.substr(equals + 1), text, is_text_by_any_name, key);
  return {std::move(key), std::move(value)};
}

// Whether the defaults have the key.
bool is_known(const Json& kinds, std::string_view key) {
  const Json* section = &kinds;
  for (const std::string_view part : split(key, '.')) {
    if (!section->is_object()) return false;
    const auto it = section->find(part);
    if (it == section->end()) return false;
    section = &*it;
  }
  return true;
}

// {"a": {"b": {"c": value}}}.
Json tree_of(const Override& given) {
  Json value = given.value;
  const auto keys = split(given.key, '.');
  for (auto key = keys.rbegin(); key != keys.rend(); ++key) {
    Json outer = Json::object();
    outer[std::string(*key)] = std::move(value);
    value = std::move(outer);
  }
  return value;
}

// The tree that an override stands for, by our name or the LightCNN reference's.
Translation override_tree(const std::string& text, const Json& kinds) {
  const Override given = parse_override(text);
  const std::string name = "override " + text;
  if (is_known(kinds, given.key)) return {tree_of(given), {}};
  if (auto theirs = translate_override(given.key, given.value, name)) return *std::move(theirs);
  const std::string section(split(given.key, '.').front());
  const auto meant = nearest_foreign_key(given.key);
  if (meant && !kinds.contains(section)) {
    if (!nearest(section, keys_of(kinds))) {
      throw UsageError(fmt::format("{}: unknown key \"{}\" (did you mean \"{}\"?)", printable(name),
                                   printable(given.key), *meant));
    }
  }
  return {tree_of(given), {}};
}

void remember(const std::vector<std::string>& ineffective, const std::string& name,
              std::vector<std::string>& notes) {
  if (ineffective.empty()) return;
  std::vector<std::string> keys;
  for (const std::string& key : ineffective) keys.push_back(printable(key));
  notes.push_back(
      fmt::format("{}: without effect here: {}", printable(name), fmt::join(keys, ", ")));
}

}  // namespace

Recipe Recipe::assemble(const std::vector<RecipeLayer>& layers,
                        const std::vector<std::string>& overrides) {
  const Json& kinds = recipe_schema().defaults;
  Recipe recipe(kinds);
  for (const RecipeLayer& layer : layers) {
    if (!layer.values.is_null()) merge(recipe.values_, kinds, layer.values, layer.name, "");
    remember(layer.ineffective, layer.name, recipe.notes_);
  }
  for (const std::string& text : overrides) {
    const Translation given = override_tree(text, kinds);
    merge(recipe.values_, kinds, given.values, "override " + text, "");
    remember(given.ineffective, "override " + text, recipe.notes_);
  }
  return recipe;
}

Recipe Recipe::parse(std::string_view yaml, const std::string& name,
                     const std::vector<std::string>& overrides) {
  return assemble(read_recipe_text(yaml, name), overrides);
}

Recipe Recipe::load(const std::string& recipe, const std::vector<std::string>& overrides) {
  return assemble(read_recipe(recipe), overrides);
}

Recipe Recipe::from_json(const Json& values, const std::string& name) {
  Json merged = recipe_schema().defaults;
  merge(merged, recipe_schema().defaults, values, name, "");
  return Recipe(std::move(merged));
}

const Json& Recipe::at(std::string_view key) const {
  const Json* value = &values_;
  for (const std::string_view part : split(key, '.')) {
    const auto it = value->find(part);
    if (it == value->end()) throw Error(fmt::format("a recipe has no key \"{}\"", key));
    value = &*it;
  }
  return *value;
}

std::vector<std::string> builtin_recipes() {
  std::vector<std::string> names = kRecipes.names();
  std::erase(names, "defaults");
  return names;
}

}  // namespace bonafide
