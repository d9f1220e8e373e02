#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/progress.h"
#include "corpus/trial.h"
#include "evaluation/epoch_selection.h"
#include "evaluation/part_figures.h"
#include "evaluation/parts.h"
#include "evaluation/task.h"
#include "processes/communicator.h"
#include "recipe/recipe.h"
#include "scoring/trial_scores.h"
#include "systems/system.h"
#include "systems/system_backend.h"

namespace bonafide {

// Scores a system in training on data that it does not train on: the part that chooses the best
// checkpoint (train.select), the test data where they choose too (train.best_on_eval), and the part
// that calibrates what is kept (data.calibration). In a job
// of several processes all of them call it, and all get the same answers.
class Judge {
 public:
  // Reads the parts; keeps references to everything it is given. Throws UsageError.
  Judge(const Recipe& recipe, System& system, const Frontend& frontend, torch::Device device,
        const AudioCache* cache, Communicator& all, Progress& progress,
        WarnLine warn);  // called by rank 0 alone

  const EpochSelection& selection() const { return selection_; }
  const Task& task() const { return task_; }
  const std::vector<Trial>& trials() const { return trials_; }  // of the part that chooses, if any
  // The parts that it reads, and how many recordings they have.
  std::vector<std::pair<std::string, size_t>> parts() const;
  // These trials, and those of the part that chooses, by name: what a run's record says.
  std::vector<std::pair<std::string, const std::vector<Trial>*>> with_recorded_part(
      const std::string& name, const std::vector<Trial>& trials) const;
  size_t calibration_trials() const { return calibration_trials_.size(); }

  // The system's figures on the part that chooses; nothing when interrupted. `scores`: a CSV of the
  // scores is left there when train.keep_scores is set. Throws Error for a recording that cannot be
  // read (unless train.broken_files is "skip").
  std::optional<PartFigures> figures(const std::filesystem::path& scores);

  bool tests() const { return !test_trials_.empty(); }  // train.best_on_eval
  // The same on the eval part, which is not written anywhere.
  std::optional<PartFigures> test_figures();

  // Fits the calibration of a model file that rank 0 has written and stores it there; false when
  // interrupted. The system is left with that file's weights.
  bool calibrate(const std::filesystem::path& model);

 private:
  TrialScores score(const std::vector<Trial>& trials, const Task& task, const std::string& title);
  std::optional<TrialScores> score_whole(const std::vector<Trial>& trials, const std::string& part);

  const Recipe& recipe_;
  const Task task_;
  const EpochSelection selection_;
  System& system_;
  SystemBackend backend_;
  const ScoringOptions scoring_;
  Communicator& all_;
  Progress& progress_;
  const WarnLine warn_;
  const AskAboutAll ask_;
  const std::vector<Trial> trials_, test_trials_, calibration_trials_;
  const std::optional<AsvSystem> asv_;  // adds the t-DCF
};

}  // namespace bonafide
