#pragma once

#include <string>
#include <vector>

#include "base/recipe.h"
#include "corpus/trial.h"

namespace bonafide {

// The trials of one part of the recipe's data set: `key` is "train", "dev", "eval" or "calibration"
// (data.<key> names the part). Cut to data.limit by the seed. Throws UsageError when the set cannot
// be opened.
std::vector<Trial> read_part(const Recipe& recipe, const std::string& key);

// The same for those who tell bona fide from spoofed recordings. Throws UsageError also when a
// label is unknown, or when one of the classes is missing.
std::vector<Trial> read_labelled_part(const Recipe& recipe, const std::string& key);

}  // namespace bonafide
