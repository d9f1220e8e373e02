#include "base/recipe.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>

#include "base/error.h"
#include "base/file.h"
#include "base/resource.h"
#include "base/text.h"

namespace bonafide {

namespace {

constexpr std::string_view kPrefix = "recipes/";
constexpr std::string_view kSuffix = ".yaml";
constexpr std::string_view kDefaults = "recipes/defaults.yaml";
constexpr int kMaxDepth = 32;

Json scalar(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  if (node.Tag() == "!") return text;  // quoted
  const std::string word = lower(text);
  if (word.empty() || word == "~" || word == "null") return nullptr;
  if (word == "true") return true;
  if (word == "false") return false;
  if (const auto integer = parse_integer(text)) return *integer;
  if (word == ".inf" || word == "+.inf") return std::numeric_limits<double>::infinity();
  if (word == "-.inf") return -std::numeric_limits<double>::infinity();
  // A word such as "inf" or "nan" is a word; a number has a digit.
  if (text.find_first_of("0123456789") != std::string::npos) {
    if (const auto number = parse_double(text)) return *number;
  }
  return text;
}

Json tree(const YAML::Node& node, const std::string& name, int depth) {
  if (depth > kMaxDepth) throw UsageError(fmt::format("{}: nested too deeply", printable(name)));
  switch (node.Type()) {
    case YAML::NodeType::Scalar:
      return scalar(node);
    case YAML::NodeType::Sequence: {
      Json list = Json::array();
      for (const YAML::Node& item : node) list.push_back(tree(item, name, depth + 1));
      return list;
    }
    case YAML::NodeType::Map: {
      Json map = Json::object();
      for (const auto& entry : node) {
        const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "?";
        if (map.contains(key)) {
          throw UsageError(fmt::format("{}: line {}: key \"{}\" stands twice", printable(name),
                                       entry.first.Mark().line + 1, printable(key)));
        }
        map[key] = tree(entry.second, name, depth + 1);
      }
      return map;
    }
    default:
      return nullptr;
  }
}

std::string kind(const Json& value) {
  if (value.is_boolean()) return "true or false";
  if (value.is_number_integer()) return "a whole number";
  if (value.is_number()) return "a number";
  if (value.is_string()) return "a word";
  if (value.is_array()) return "a list";
  if (value.is_object()) return "a section";
  return "nothing";
}

bool fits(const Json& wanted, const Json& given) {
  if (wanted.is_null() || given.is_null()) return wanted.is_null() || given.is_null();
  if (wanted.is_number_integer()) return given.is_number_integer();
  if (wanted.is_number()) return given.is_number();
  return wanted.type() == given.type();
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
  std::vector<std::string_view> keys =
      split(std::string_view(override_text).substr(0, equals), '.');
  for (auto key = keys.rbegin(); key != keys.rend(); ++key) {
    Json outer = Json::object();
    outer[std::string(*key)] = std::move(value);
    value = std::move(outer);
  }
  return value;
}

}  // namespace

Json parse_yaml(std::string_view yaml, const std::string& name) {
  try {
    return tree(YAML::Load(std::string(yaml)), name, 0);
  } catch (const YAML::Exception& e) {
    throw UsageError(fmt::format("{}: line {}: {}", printable(name), e.mark.line + 1, e.msg));
  }
}

void merge_checked(Json& defaults, const Json& given, const std::string& name,
                   const std::string& path) {
  if (!given.is_object()) {
    throw UsageError(fmt::format("{}: {} is {}; expected a section of \"key: value\" lines",
                                 printable(name), path.empty() ? "the recipe" : path,
                                 kind(given)));
  }
  const bool open = defaults.empty();
  for (const auto& [key, value] : given.items()) {
    const std::string full = path.empty() ? key : path + "." + key;
    if (!defaults.contains(key)) {
      if (open) {
        defaults[key] = value;
        continue;
      }
      std::vector<std::string> known;
      for (const auto& item : defaults.items()) known.push_back(item.key());
      const auto meant = nearest(key, known);
      throw UsageError(fmt::format(
          "{}: unknown key \"{}\"{}", printable(name), printable(full),
          meant ? fmt::format(" (did you mean \"{}\"?)",
                              path.empty() ? *meant : path + "." + *meant)
                : fmt::format(" (there are: {})", fmt::join(known, ", "))));
    }
    Json& target = defaults[key];
    if (target.is_object() && !value.is_null()) {
      merge_checked(target, value, name, full);
    } else if (fits(target, value)) {
      target = value;
    } else {
      throw UsageError(fmt::format("{}: {} is {}; expected {}", printable(name), printable(full),
                                   printable(value.dump()), kind(target)));
    }
  }
}

Recipe Recipe::parse(std::string_view yaml, const std::string& name,
                     const std::vector<std::string>& overrides) {
  const Json own = parse_yaml(yaml, name);
  Json values = defaults();
  const Json open = values;  // to know afterwards which sections were open
  if (!own.is_null()) merge_checked(values, own, name);
  for (const std::string& text : overrides) {
    const Json given = override_tree(text);
    const std::string section = given.begin().key();
    if (open.contains(section) && open[section].is_object() && open[section].empty() &&
        given.begin()->is_object()) {
      values[section].merge_patch(*given.begin());
    } else {
      merge_checked(values, given, "override " + text);
    }
  }
  return Recipe(std::move(values));
}

Recipe Recipe::load(const std::string& recipe, const std::vector<std::string>& overrides) {
  if (std::filesystem::exists(recipe)) {
    return parse(read_text(recipe, size_t{1} << 20), recipe, overrides);
  }
  const auto resource = find_resource(fmt::format("{}{}{}", kPrefix, recipe, kSuffix));
  if (!resource || recipe == "defaults") {
    throw UsageError(fmt::format("recipe {}: no such file, and not one of the built-in recipes ({})",
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
