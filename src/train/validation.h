#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/recipe.h"
#include "corpus/trial.h"
#include "metrics/tandem_cost.h"
#include "scoring/backend.h"
#include "scoring/scoring_options.h"
#include "train/communicator.h"

namespace bonafide {

// The scores of labelled trials by a backend, in the trials' order.
struct ScoredTrials {
  std::vector<std::optional<double>> scores;  // none: could not be scored, see `troubles`
  std::vector<std::string> troubles;
  bool interrupted = false;

  // The scores there are, by class.
  std::vector<double> bona_fide, spoof;
};

// How a recipe evaluates a model: windows as the model says, batches and threads by the recipe's
// sections `evaluate` and `compute`. Scores stay uncalibrated. `cache`: of decoded recordings, or
// null.
ScoringOptions evaluation_options(const ModelDescription& model, const Recipe& recipe,
                                  const AudioCache* cache);

// With a communicator every process scores its share of the trials, and all of them get all scores.
ScoredTrials score_trials(const std::vector<Trial>& trials, Backend& backend,
                          const ScoringOptions& options, Progress& progress,
                          Communicator* communicator = nullptr);

// The speaker verification of evaluate.asv_scores, for the t-DCF.
std::optional<AsvSystem> asv_system(const Recipe& recipe);

}  // namespace bonafide
