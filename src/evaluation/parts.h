#pragma once

#include <functional>
#include <string>
#include <vector>

#include "corpus/trial.h"
#include "evaluation/task.h"
#include "recipe/recipe.h"

namespace bonafide {

// Takes one line for people to read.
using WarnLine = std::function<void(const std::string&)>;

// The trials of one part of the recipe's data: `key` is "train", "dev", "eval" or "calibration".
// data.<key> is a part's name, a section with a corpus, root and part of its own, or a list of
// such, one after another. Cut to data.limit by the seed. What lies there and is read by no rule
// (corpus/leftovers.h) is said by `warn`. Throws UsageError when a set cannot be opened.
std::vector<Trial> read_part(const Recipe& recipe, const std::string& key,
                             const WarnLine& warn = {});

// The same, of a part that must hold something. Throws UsageError also when it does not.
std::vector<Trial> read_part(const Recipe& recipe, const std::string& key, PartNeeds needs,
                             const WarnLine& warn = {});

// Throws Error for the first recording that is not there, as reading it would; of verification
// trials also for an enrolment.
void expect_recordings(const std::vector<Trial>& trials, PartNeeds needs);

}  // namespace bonafide
