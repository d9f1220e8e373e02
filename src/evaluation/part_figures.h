#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "corpus/trial.h"
#include "evaluation/epoch_selection.h"
#include "evaluation/task.h"
#include "metrics/tandem_cost.h"
#include "scoring/trial_scores.h"

namespace bonafide {

// What a part's scores come to while a system is trained.
struct PartFigures {
  double eer = 0;                  // percent; of verification trials SASV-, SV- or SPF-EER, the
                                   // first that their classes allow
  double choosing = 0;             // the selection's figure; percent where it is a rate
  std::optional<double> min_tdcf;  // of 2019, where there is a speaker verification system
  // Of verification trials every figure that they have, by its name in files; rates in percent.
  std::vector<std::pair<std::string, double>> verification;
};

// `asv`: adds the t-DCF to figures of detection. Throws Error when the trials with a score do not
// have the selection's figure.
PartFigures figures_of(const std::vector<Trial>& trials, const TrialScores& scores,
                       const Task& task, const EpochSelection& selection,
                       const std::optional<AsvSystem>& asv);

// Throws UsageError when a part's trials, all of them scored, could not have the selection's
// figure.
void expect_figure(const std::vector<Trial>& trials, const Task& task,
                   const EpochSelection& selection);

// The scores there are, by class.
struct ClassScores {
  std::vector<double> bona_fide, spoof;
};
ClassScores scores_by_class(const std::vector<Trial>& trials, const TrialScores& scores);

}  // namespace bonafide
