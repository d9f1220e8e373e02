#include "recipe/recipe_aliases.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/error.h"
#include "base/json_value.h"
#include "base/text.h"
#include "recipe/alias_tables.h"
#include "recipe/recipe_schema.h"

namespace bonafide {

Converted as_is(const Json& value) { return value; }

std::string word_of(const Json& value) {
  return value.is_string() ? value.get<std::string>() : std::string();
}

namespace {

// Where the rest of a configuration comes from. An architecture that is none of these is for the
// list of networks to refuse.
const std::map<std::string, std::string>& recipe_of_architecture() {
  static const std::map<std::string, std::string> table = {{"AASIST", "aasist"},
                                                           {"RawNet2Spoof", "rawnet2"},
                                                           {"RawNetGatSpoofST", "rawgat-st"},
                                                           {"S2pecNet", "s2pecnet"}};
  return table;
}

bool is_open(const Alias& alias) { return alias.theirs.ends_with(".*"); }

std::string_view stem(std::string_view pattern) { return pattern.substr(0, pattern.size() - 1); }

bool is_exactly(const Alias& alias, std::string_view key) { return alias.theirs == key; }

bool is_below(const Alias& alias, std::string_view key) {
  return is_open(alias) && key.starts_with(stem(alias.theirs)) &&
         key.size() > stem(alias.theirs).size();
}

// The lines for a key: those that name it, else the one whose section it is in.
std::vector<const Alias*> find(std::span<const Alias> table, std::string_view key) {
  std::vector<const Alias*> found;
  for (const auto matches : {is_exactly, is_below}) {
    for (const Alias& alias : table) {
      if (matches(alias, key)) found.push_back(&alias);
    }
    if (!found.empty()) break;
  }
  return found;
}

void put(Json& tree, std::string_view dotted, Json value) {
  Json* at = &tree;
  for (const std::string_view part : split(dotted, '.')) at = &(*at)[std::string(part)];
  *at = std::move(value);
}

// Which line of a table gave each key of ours so far.
using Givers = std::map<std::string, const Alias*>;

// Whether a line may give `target`, which another may have given before.
bool gives(const Alias& alias, std::string_view key, const std::string& target, const Json& ours,
           const std::string& name, const Translation& before, Givers& givers) {
  const auto [giver, first] = givers.emplace(target, &alias);
  if (first) return true;
  if (target == "data.root" && before.values["data"]["root"] != ours) {
    throw UsageError(
        fmt::format("{}: {} lies in {}, and {} in {}: the parts of one data set lie in one folder",
                    printable(name), printable(key), printable(ours.dump()), giver->second->theirs,
                    printable(before.values["data"]["root"].dump())));
  }
  if (&alias > giver->second) return false;
  giver->second = &alias;
  return true;
}

void apply(const Alias& alias, std::string_view key, const Json& value, const std::string& name,
           Translation& result, Givers& givers) {
  const Converted ours = alias.convert(value);
  if (!ours) {
    throw UsageError(fmt::format("{}: {} is {}; expected {}", printable(name), printable(key),
                                 printable(value.dump()), alias.wants));
  }
  if (alias.ours.empty()) {
    result.ineffective.emplace_back(key);
    return;
  }
  if (value.is_string() && value.get<std::string>().find("${") != std::string::npos) {
    throw UsageError(fmt::format("{}: {} is {}; a reference to another key is not resolved here",
                                 printable(name), printable(key), printable(value.dump())));
  }
  std::string target(alias.ours);
  if (target.ends_with(".*")) {
    target = std::string(stem(target)) + std::string(key.substr(stem(alias.theirs).size()));
  }
  if (gives(alias, key, target, *ours, name, result, givers)) put(result.values, target, *ours);
}

std::vector<std::string> named_keys(std::span<const Alias> table) {
  std::vector<std::string> keys;
  for (const Alias& alias : table) {
    if (!is_open(alias)) keys.emplace_back(alias.theirs);
  }
  return keys;
}

std::string unknown(std::span<const Alias> table, const std::string& key) {
  const auto meant = nearest(key, named_keys(table));
  return fmt::format("unknown key \"{}\"{}", printable(key),
                     meant ? fmt::format(" (did you mean \"{}\"?)", *meant)
                           : " (docs/training.md lists the keys)");
}

// Every leaf of the tree, through the table. A section of which nothing is said may be null.
void translate_section(const Json& section, const std::string& path, std::span<const Alias> table,
                       const std::string& name, Translation& result, Givers& givers) {
  for (const auto& [key, value] : section.items()) {
    const std::string dotted = path + key;
    if (key.find('.') != std::string::npos) {
      throw UsageError(
          fmt::format("{}: key \"{}\" has a dot in it", printable(name), printable(dotted)));
    }
    const auto lines = find(table, dotted);
    if (lines.empty() && value.is_object()) {
      translate_section(value, dotted + ".", table, name, result, givers);
      continue;
    }
    if (lines.empty()) {
      throw UsageError(fmt::format("{}: {}", printable(name), unknown(table, dotted)));
    }
    for (const Alias* alias : lines) apply(*alias, dotted, value, name, result, givers);
  }
}

}  // namespace

ForeignRecipe recognise(const Json& tree) {
  if (!tree.is_object()) return ForeignRecipe::kNone;
  const auto has = [&](const char* key) { return tree.contains(key); };
  if (has("model_config") || has("optim_config")) return ForeignRecipe::kAasistConf;
  for (const char* key : {"trainer", "dataloader", "datasets", "scheduler", "writer", "defaults"}) {
    if (has(key)) return ForeignRecipe::kHydra;
  }
  return ForeignRecipe::kNone;
}

Translation translate(const Json& tree, ForeignRecipe kind, const std::string& name) {
  Translation result;
  Givers givers;
  if (kind == ForeignRecipe::kHydra) {
    result.values["base"] = "lcnn";
    translate_section(tree, "", hydra_keys(), name, result, givers);
    return result;
  }
  const Json model = tree.value("model_config", Json());
  const auto architecture =
      model.is_object() ? word_of(model.value("architecture", Json())) : std::string();
  if (architecture.empty()) {
    throw UsageError(
        fmt::format("{}: model_config.architecture names no network", printable(name)));
  }
  const auto base = recipe_of_architecture().find(architecture);
  if (base != recipe_of_architecture().end()) result.values["base"] = base->second;
  const std::string stem = std::filesystem::path(name).stem().string();
  if (!stem.empty()) result.values["name"] = stem;
  translate_section(tree, "", aasist_conf_keys(), name, result, givers);
  return result;
}

std::optional<Translation> translate_override(std::string_view key, const Json& value,
                                              const std::string& name) {
  const auto lines = find(hydra_keys(), key);
  if (lines.empty()) return std::nullopt;
  Translation result;
  Givers givers;
  for (const Alias* alias : lines) apply(*alias, key, value, name, result, givers);
  return result;
}

bool takes_text(ForeignRecipe kind, const std::string& key) {
  if (kind == ForeignRecipe::kNone) return false;
  const auto lines =
      kind == ForeignRecipe::kHydra ? find(hydra_keys(), key) : find(aasist_conf_keys(), key);
  return std::any_of(lines.begin(), lines.end(), [](const Alias* alias) {
    return recipe_schema().texts.contains(std::string(alias->ours));
  });
}

std::vector<std::string> foreign_keys() {
  std::vector<std::string> keys;
  for (const Alias& alias : aasist_conf_keys()) keys.emplace_back(alias.theirs);
  for (const Alias& alias : hydra_keys()) keys.emplace_back(alias.theirs);
  return keys;
}

std::optional<std::string> nearest_foreign_key(std::string_view key) {
  return nearest(key, named_keys(hydra_keys()));
}

}  // namespace bonafide
