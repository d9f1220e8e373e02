#pragma once

#include <memory>
#include <string>
#include <vector>

#include "audio/audio_cache.h"
#include "checkpoint/model_file.h"
#include "corpus/trial.h"
#include "evaluation/reference_condition.h"
#include "evaluation/task.h"
#include "processes/communicator.h"
#include "recipe/recipe.h"
#include "scoring/scoring_options.h"
#include "scoring/trial_scores.h"
#include "systems/torch_backend.h"

namespace bonafide {

// Trials and what became of them under a condition.
struct Evaluation {
  ReferenceCondition condition;
  std::vector<Trial> trials;
  TrialScores scored;
};

// Scores a part of a recipe's data by a model, once or under several conditions.
class PartScorer {
 public:
  // `key`: as of read_part(). `precision`: of the arithmetic; "": as the model says. Throws
  // UsageError, and Error when not all processes see the same trials.
  PartScorer(const Recipe& recipe, const std::string& key, const ModelFile& model,
             const std::string& precision, const SystemTable& systems, const Place& place,
             Communicator& all);

  const Task& task() const { return task_; }
  const std::vector<Trial>& trials() const { return trials_; }
  const std::string& fingerprint() const { return fingerprint_; }
  const ScoringOptions& scoring() const { return scoring_; }
  const ModelDescription& model() const { return model_.description; }
  const Backend& backend() const { return *backend_; }
  std::vector<std::string> part_names() const { return backend_->part_names(); }

  // The model's system by itself, on the processor.
  std::unique_ptr<System> load_system() const;

  // Throws UsageError for a condition that the system or the task knows nothing of.
  Evaluation score(const ReferenceCondition& condition);

 private:
  void open(const std::string& network);
  void expect_comparison(const ReferenceCondition& condition) const;

  const Recipe& recipe_;
  const std::string key_;
  const ModelFile& model_;
  Communicator& all_;
  const Task task_;
  const std::unique_ptr<AudioCache> cache_;
  BackendOptions options_;
  ScoringOptions scoring_;
  std::vector<Trial> trials_;
  std::string fingerprint_;
  std::string network_;  // what `backend_` was opened for
  std::unique_ptr<Backend> backend_;
};

}  // namespace bonafide
