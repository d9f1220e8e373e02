#include "recipe/recipe_layers.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <span>

#include "base/error.h"
#include "base/file.h"
#include "base/file_kind.h"
#include "base/json_value.h"
#include "base/resource.h"
#include "base/text.h"
#include "recipe/recipe.h"
#include "recipe/recipe_aliases.h"
#include "recipe/recipe_schema.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxBytes = size_t{1} << 20;
constexpr size_t kMaxFiles = 16;
constexpr int kMaxDepth = 32;

struct Source {
  std::string text;
  std::string name;                // for messages
  std::string identity;            // the same for the same source, however it was reached
  std::optional<fs::path> folder;  // of a file
};

bool is_file(const fs::path& path) {
  std::error_code unknown;
  const auto status = fs::status(path, unknown);
  return fs::exists(status) && !fs::is_directory(status);
}

Source read_file(const fs::path& path) {
  std::error_code unknown;
  const fs::path canonical = fs::weakly_canonical(path, unknown);
  return {read_text(path, kMaxBytes), path.string(),
          "file " + (unknown ? path : canonical).string(), path.parent_path()};
}

std::optional<Source> find_builtin(std::string_view name) {
  if (name.ends_with(kRecipes.ending())) name.remove_suffix(kRecipes.ending().size());
  if (name == "defaults") return std::nullopt;
  const auto text = find_resource(kRecipes.path(name));
  if (!text) return std::nullopt;
  return Source{std::string(*text), std::string(name), fmt::format("built-in {}", name), {}};
}

Source find_base(const std::string& base, const Source& from, const std::string& chain) {
  if (from.folder && is_file(*from.folder / base)) return read_file(*from.folder / base);
  if (auto builtin = find_builtin(base)) return *std::move(builtin);
  throw UsageError(fmt::format("{}: base \"{}\": no such file, and not one of the built-in recipes",
                               chain, printable(base)));
}

// Which keys take texts depends on whose configuration it is, which its keys tell.
Json parse_any_yaml(const Source& source) {
  const Json tree = parse_yaml(source.text, source.name);
  const ForeignRecipe kind = recognise(tree);
  const auto is_text = [kind](const std::string& key) {
    return kind == ForeignRecipe::kNone ? key == "base" || recipe_schema().texts.contains(key)
                                        : takes_text(kind, key);
  };
  return parse_yaml(source.text, source.name, is_text);
}

// What lies where a recipe should, and is none: a pointer of version control, a page, an archive.
void refuse_other_files(const Source& source) {
  const auto bytes = std::as_bytes(std::span(source.text));
  const auto kind = kind_of(bytes);
  if (source.text.empty() || !kind || kind->plain_text) return;
  throw UsageError(fmt::format("{}: {}", printable(source.name), mistaken_for(bytes, "a recipe")));
}

Json parse_source(const Source& source) {
  refuse_other_files(source);
  const std::string extension = lower(fs::path(source.name).extension().string());
  if (extension != ".conf" && extension != ".json") return parse_any_yaml(source);
  try {
    return parse_json(source.text, kMaxDepth);
  } catch (const Error& e) {
    throw UsageError(fmt::format("{}: {}", printable(source.name), e.what()));
  }
}

// Reads a file's values; `base` becomes what it builds on, "" when nothing.
RecipeLayer read_layer(Source& source, std::string& base) {
  RecipeLayer layer = {parse_source(source), source.name, {}};
  if (const auto kind = recognise(layer.values); kind != ForeignRecipe::kNone) {
    Translation translation = translate(layer.values, kind, source.name);
    layer.values = std::move(translation.values);
    layer.ineffective = std::move(translation.ineffective);
    source.folder.reset();  // its base is a built-in recipe
  }
  base.clear();
  if (!layer.values.is_object() || !layer.values.contains("base")) return layer;
  const Json given = layer.values["base"];
  layer.values.erase("base");
  if (given.is_null()) return layer;
  if (!given.is_string() || given.get<std::string>().empty()) {
    throw UsageError(fmt::format("{}: base is {}; expected a file, or the name of a recipe",
                                 printable(source.name), printable(given.dump())));
  }
  base = given.get<std::string>();
  return layer;
}

std::string chain_of(const std::vector<RecipeLayer>& layers) {
  std::vector<std::string> names;
  for (const RecipeLayer& layer : layers) names.push_back(printable(layer.name));
  return fmt::format("{}", fmt::join(names, " -> "));
}

std::vector<RecipeLayer> read_chain(Source source) {
  std::vector<RecipeLayer> layers;
  std::vector<std::string> seen;
  std::string base;
  while (true) {
    seen.push_back(source.identity);
    layers.push_back(read_layer(source, base));
    if (base.empty()) break;
    const std::string chain = chain_of(layers);
    Source below = find_base(base, source, chain);
    if (std::find(seen.begin(), seen.end(), below.identity) != seen.end()) {
      throw UsageError(
          fmt::format("{} -> {}: a recipe cannot build on itself", chain, printable(below.name)));
    }
    if (layers.size() == kMaxFiles) {
      throw UsageError(fmt::format("{}: more than {} recipes, one on the other", chain, kMaxFiles));
    }
    source = std::move(below);
  }
  std::reverse(layers.begin(), layers.end());
  return layers;
}

}  // namespace

std::vector<RecipeLayer> read_recipe(const std::string& recipe) {
  if (is_file(recipe)) return read_chain(read_file(recipe));
  const bool suffixed = recipe.ends_with(kRecipes.ending());
  if (auto builtin = suffixed ? std::nullopt : find_builtin(recipe)) {
    return read_chain(*std::move(builtin));
  }
  throw UsageError(fmt::format("recipe {}: no such file, and not one of the built-in recipes ({})",
                               printable(recipe), fmt::join(builtin_recipes(), ", ")));
}

std::vector<RecipeLayer> read_recipe_text(std::string_view text, const std::string& name) {
  return read_chain({std::string(text), name, "text", {}});
}

}  // namespace bonafide
