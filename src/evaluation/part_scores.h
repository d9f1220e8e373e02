#pragma once

#include <vector>

#include "audio/audio_cache.h"
#include "checkpoint/model_file.h"
#include "corpus/trial.h"
#include "evaluation/task.h"
#include "recipe/recipe.h"
#include "scoring/scoring_options.h"
#include "scoring/trial_scores.h"

namespace bonafide {

// How a recipe evaluates a model: windows as the model says, batches and threads by the recipe's
// sections `evaluate` and `compute`. Scores stay uncalibrated. `cache`: of decoded recordings, or
// null.
ScoringOptions evaluation_options(const ModelDescription& model, const Recipe& recipe,
                                  const AudioCache* cache);

// The scores of a part's trials by the model that `ask` asks, as the task judges it; `compares`:
// whether the model compares recordings with others, and scores verification trials itself.
TrialScores score_trials(const std::vector<Trial>& trials, const Task& task, bool compares,
                         const AskAboutAll& ask);

}  // namespace bonafide
