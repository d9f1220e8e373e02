#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"

namespace bonafide {

// One file of a recipe: its values without `base`, and what messages call it.
struct RecipeLayer {
  Json values;
  std::string name;
  std::vector<std::string> ineffective;  // keys of a published configuration that mean nothing here
};

// A recipe and the ones that it builds on by `base: OTHER`, from the lowest to the recipe itself.
// OTHER is a file, relative to the including file's folder, or the name of a built-in recipe; what
// is built in includes only what is built in. Configurations of published code come
// translated (recipe_aliases.h). Throws UsageError naming the chain when a base is missing, comes
// back to itself, or is too far down.
//
// `recipe`: a file, or the name of a built-in recipe.
std::vector<RecipeLayer> read_recipe(const std::string& recipe);
// The same of text that lies nowhere: it includes what is built in.
std::vector<RecipeLayer> read_recipe_text(std::string_view text, const std::string& name);

}  // namespace bonafide
