#pragma once

#include "recipe/recipe.h"

namespace bonafide {

// What a recipe's kinds cannot say: ranges, words, and what may stand where ~ does. Throws
// UsageError naming the key. What a single part of training reads is checked there.
void check_training_recipe(const Recipe& recipe);

// The same for the keys that scoring a part of the data reads.
void check_evaluation_recipe(const Recipe& recipe);

}  // namespace bonafide
