#include "cli/recipe_argument.h"

#include <fmt/format.h>

#include <cstdio>

#include "cli/say.h"

namespace bonafide {

Recipe open_recipe(const std::string& recipe, const std::vector<std::string>& overrides) {
  Recipe opened = Recipe::load(recipe, overrides);
  for (const std::string& note : opened.notes()) say("bonafide: {}\n", note);
  return opened;
}

}  // namespace bonafide
