#include "base/recipe.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/file.h"
#include "base/resource.h"
#include "base/text.h"

namespace bonafide {

namespace {

constexpr std::string_view kPrefix = "recipes/";
constexpr std::string_view kSuffix = ".yaml";
constexpr std::string_view kDefaults = "recipes/defaults.yaml";
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

std::string unknown_key(const Json& section, const std::string& key, const std::string& path) {
  std::vector<std::string> known;
  for (const auto& item : section.items()) known.push_back(item.key());
  const std::string text = fmt::format("unknown key \"{}\"", printable(path + key));
  if (const auto meant = nearest(key, known)) {
    return fmt::format("{} (did you mean \"{}\"?)", text, path + *meant);
  }
  return fmt::format("{} (there are: {})", text, fmt::join(known, ", "));
}

// Writes `given` over `values`, whose keys and kinds `kinds` has. `path`: "" or "optimizer.".
void merge(Json& values, const Json& kinds, const Json& given, const std::string& name,
           const std::string& path) {
  if (!given.is_object()) {
    throw UsageError(
        fmt::format("{}: {} is {}; expected a section of \"key: value\" lines", printable(name),
                    path.empty() ? "the recipe" : path.substr(0, path.size() - 1), kind(given)));
  }
  if (kinds.empty()) return merge_open(values, given);
  for (const auto& [key, value] : given.items()) {
    if (!kinds.contains(key)) {
      throw UsageError(fmt::format("{}: {}", printable(name), unknown_key(kinds, key, path)));
    }
    const Json& wanted = kinds[key];
    if (wanted.is_object()) {
      merge(values[key], wanted, value, name, path + key + ".");
    } else if (fits(wanted, value)) {
      values[key] = converted(wanted, value);
    } else {
      throw UsageError(fmt::format("{}: {}{} is {}; expected {}", printable(name), path, key,
                                   printable(value.dump()), kind(wanted)));
    }
  }
}

Json defaults() {
  const auto yaml = find_resource(kDefaults);
  if (!yaml) throw Error(fmt::format("{} is not built in", kDefaults));
  return parse_yaml(*yaml, std::string(kDefaults));
}

// "a.b.c=value" as {"a": {"b": {"c": value}}}.
Json override_tree(const std::string& override_text) {
  const auto equals = override_text.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw UsageError(fmt::format("{}: not of the form key=value", printable(override_text)));
  }
  Json value = parse_yaml(override_text.substr(equals + 1), override_text);
  const auto keys = split(std::string_view(override_text).substr(0, equals), '.');
  if (keys.size() > kMaxDepth) {
    throw UsageError(
        fmt::format("{}: more than {} keys deep", printable(override_text), kMaxDepth));
  }
  for (auto key = keys.rbegin(); key != keys.rend(); ++key) {
    Json outer = Json::object();
    outer[std::string(*key)] = std::move(value);
    value = std::move(outer);
  }
  return value;
}

}  // namespace

void merge_checked(Json& defaults, const Json& given, const std::string& name) {
  const Json kinds = defaults;
  merge(defaults, kinds, given, name, "");
}

Recipe Recipe::parse(std::string_view yaml, const std::string& name,
                     const std::vector<std::string>& overrides) {
  const Json kinds = defaults();
  Json values = kinds;
  const Json own = parse_yaml(yaml, name);
  if (!own.is_null()) merge(values, kinds, own, name, "");
  for (const std::string& text : overrides) {
    merge(values, kinds, override_tree(text), "override " + text, "");
  }
  return Recipe(std::move(values));
}

Recipe Recipe::load(const std::string& recipe, const std::vector<std::string>& overrides) {
  std::error_code unknown;
  const auto status = std::filesystem::status(recipe, unknown);
  if (std::filesystem::exists(status) && !std::filesystem::is_directory(status)) {
    return parse(read_text(recipe, size_t{1} << 20), recipe, overrides);
  }
  const auto resource = find_resource(fmt::format("{}{}{}", kPrefix, recipe, kSuffix));
  if (!resource || recipe == "defaults") {
    throw UsageError(
        fmt::format("recipe {}: no such file, and not one of the built-in recipes ({})",
                    printable(recipe), fmt::join(builtin_recipes(), ", ")));
  }
  return parse(*resource, recipe, overrides);
}

Recipe Recipe::from_json(const Json& values, const std::string& name) {
  Json merged = defaults();
  merge_checked(merged, values, name);
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
  std::vector<std::string> names;
  for (const Resource& resource : resources()) {
    if (resource.name == kDefaults || resource.name.substr(0, kPrefix.size()) != kPrefix) continue;
    names.emplace_back(resource.name.substr(
        kPrefix.size(), resource.name.size() - kPrefix.size() - kSuffix.size()));
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace bonafide
