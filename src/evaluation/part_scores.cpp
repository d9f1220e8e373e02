#include "evaluation/part_scores.h"

#include "base/json_value.h"
#include "scoring/verification.h"

namespace bonafide {

ScoringOptions evaluation_options(const ModelDescription& model, const Recipe& recipe,
                                  const AudioCache* cache) {
  ScoringOptions options = ScoringOptions::of(model);
  options.calibration.reset();
  const Json& batch_size = recipe.at("evaluate.batch_size");
  if (!batch_size.is_null()) options.batch_size = batch_size.get<size_t>();
  options.loaders = static_cast<size_t>(recipe.integer("compute.loaders"));
  options.buckets = static_cast<size_t>(recipe.integer("evaluate.buckets"));
  options.cache = cache;
  return options;
}

TrialScores score_trials(const std::vector<Trial>& trials, const Task& task, bool compares,
                         const AskAboutAll& ask) {
  if (!task.verifies()) return score_recordings(trials, ask);
  return compares ? score_beside_enrolments(trials, ask) : score_by_embeddings(trials, ask);
}

}  // namespace bonafide
