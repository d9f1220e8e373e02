#include "train/validation.h"

#include "scoring/scorer.h"

namespace bonafide {

ScoredTrials score_trials(const std::vector<Trial>& trials, Backend& backend, const Recipe& recipe,
                          Progress& progress) {
  ScoringOptions options;
  options.sample_rate = static_cast<int>(recipe.integer("input.sample_rate"));
  options.samples = static_cast<size_t>(recipe.integer("input.samples"));
  options.batch_size = static_cast<size_t>(recipe.integer("evaluate.batch_size"));
  options.loaders = static_cast<size_t>(recipe.integer("compute.loaders"));

  std::vector<AudioLocation> files;
  for (const Trial& trial : trials) files.push_back(location_of(trial));
  ScoredTrials scored;
  const ScoringSummary summary =
      score_files(files, backend, options, progress, [&](const ScoreRow& row) {
        const Label label = trials[scored.scores.size()].label;
        scored.scores.push_back(row.score);
        if (!row.score) {
          scored.troubles.push_back(row.detail);
        } else if (label == Label::kBonaFide) {
          scored.bona_fide.push_back(*row.score);
        } else if (label == Label::kSpoof) {
          scored.spoof.push_back(*row.score);
        }
      });
  scored.interrupted = summary.interrupted;
  return scored;
}

}  // namespace bonafide
