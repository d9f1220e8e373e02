#pragma once

#include <string>
#include <vector>

#include "recipe/recipe.h"

namespace bonafide {

// The recipe that a command line names. Keys of a published configuration that mean nothing here
// are said on stderr.
Recipe open_recipe(const std::string& recipe, const std::vector<std::string>& overrides);

}  // namespace bonafide
