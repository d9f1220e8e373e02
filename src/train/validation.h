#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/recipe.h"
#include "corpus/trial.h"
#include "scoring/backend.h"

namespace bonafide {

// The scores of labelled trials by a backend, in the trials' order.
struct ScoredTrials {
  std::vector<std::optional<double>> scores;  // none: could not be scored, see `troubles`
  std::vector<std::string> troubles;
  bool interrupted = false;

  // The scores there are, by class.
  std::vector<double> bona_fide, spoof;
};

// Windows and batch size by the recipe's `input` and `evaluate` sections.
ScoredTrials score_trials(const std::vector<Trial>& trials, Backend& backend, const Recipe& recipe,
                          Progress& progress);

}  // namespace bonafide
