#include "train/validation.h"

#include <filesystem>

#include "scoring/scorer.h"

namespace bonafide {

namespace {

constexpr size_t kOnGpu = 24;

// A processor scores fastest one by one, because the maps then stay small.
size_t batch_size(const Recipe& recipe) {
  const Json& given = recipe.at("evaluate.batch_size");
  if (!given.is_null()) return given.get<size_t>();
  return recipe.text("compute.device") == "cpu" ? 1 : kOnGpu;
}

}  // namespace

ScoredTrials score_trials(const std::vector<Trial>& trials, Backend& backend, const Recipe& recipe,
                          Progress& progress) {
  ScoringOptions options;
  options.sample_rate = static_cast<int>(recipe.integer("input.sample_rate"));
  options.samples = static_cast<size_t>(recipe.integer("input.samples"));
  options.batch_size = batch_size(recipe);
  options.loaders = static_cast<size_t>(recipe.integer("compute.loaders"));

  std::vector<std::filesystem::path> files;
  for (const Trial& trial : trials) files.push_back(trial.path);
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
