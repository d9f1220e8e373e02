#include "recipe/recipe_schema.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "base/error.h"
#include "base/json_value.h"
#include "base/resource.h"
#include "recipe/recipe.h"

namespace bonafide {

namespace {

constexpr std::string_view kDefaults = "recipes/defaults.yaml";

void collect_texts(const YAML::Node& yaml, const Json& values, const std::string& path,
                   RecipeSchema& schema) {
  for (const auto& [key, value] : values.items()) {
    const YAML::Node node = yaml[key];
    if (value.is_object()) {
      collect_texts(node, value, path + key + ".", schema);
    } else if (value.is_string() || node.Tag() == "!text" || node.Tag() == "!part") {
      schema.texts.insert(path + key);
    }
    if (node.Tag() == "!part") schema.parts.insert(path + key);
    if (node.Tag() == "!maybe") schema.optional.insert(path + key);
  }
}

RecipeSchema read_schema() {
  const auto yaml = find_resource(kDefaults);
  if (!yaml) throw Error(fmt::format("{} is not built in", kDefaults));
  RecipeSchema schema{parse_yaml(*yaml, std::string(kDefaults)), {}, {}, {}};
  collect_texts(YAML::Load(std::string(*yaml)), schema.defaults, "", schema);
  return schema;
}

}  // namespace

const RecipeSchema& recipe_schema() {
  static const RecipeSchema schema = read_schema();
  return schema;
}

}  // namespace bonafide
