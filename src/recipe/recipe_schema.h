#pragma once

#include <set>
#include <string>

#include "base/json_value.h"

namespace bonafide {

// What recipes/defaults.yaml says of a recipe's keys.
struct RecipeSchema {
  Json defaults;
  // Dotted keys whose values are texts, and stay as they are written: those whose default is a
  // word, and those marked by the tag !text (nothing, or a list). 0012 is a speaker there, and no
  // number.
  std::set<std::string> texts;
  // Those of them, marked by the tag !part, that may also be sections or lists: parts of the data.
  std::set<std::string> parts;
  // Those whose default is a word and that may be left open, marked by the tag !maybe.
  std::set<std::string> optional;
};

const RecipeSchema& recipe_schema();

}  // namespace bonafide
