#pragma once

#include <optional>
#include <string>
#include <vector>

#include "corpus/trial.h"

namespace bonafide {

// A table "file,score,label,speaker,attack,partition" that `bonafide metrics` reads, and after
// these a column for each further thing that the trials' protocol says (codec, language, ...); the
// score of a trial that could not be scored is empty. `scores` stand in the trials' order.
std::string scores_csv(const std::vector<Trial>& trials,
                       const std::vector<std::optional<double>>& scores);

}  // namespace bonafide
