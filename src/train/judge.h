#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/progress.h"
#include "base/recipe.h"
#include "corpus/trial.h"
#include "metrics/detector_result.h"
#include "systems/system.h"
#include "systems/system_backend.h"
#include "train/communicator.h"
#include "train/parts.h"
#include "train/validation.h"

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

  const std::string& part() const { return part_; }  // that chooses
  const std::vector<Trial>& trials() const { return trials_; }
  // The parts that it reads, and how many recordings they have.
  std::vector<std::pair<std::string, size_t>> parts() const;
  size_t calibration_trials() const { return calibration_trials_.size(); }

  // The system's figures on the part that chooses; nothing when interrupted. `scores`: a CSV of the
  // scores is left there when train.keep_scores is set. Throws Error for a recording that cannot be
  // read (unless train.broken_files is "skip").
  std::optional<DetectorResult> figures(const std::filesystem::path& scores);

  bool tests() const { return !test_trials_.empty(); }  // train.best_on_eval
  // The same on the eval part, which is not written anywhere.
  std::optional<DetectorResult> test_figures();

  // Fits the calibration of a model file that rank 0 has written and stores it there; false when
  // interrupted. The system is left with that file's weights.
  bool calibrate(const std::filesystem::path& model);

 private:
  ScoredTrials score(const std::vector<Trial>& trials, const std::string& title);
  std::optional<ScoredTrials> score_whole(const std::vector<Trial>& trials,
                                          const std::string& part);
  DetectorResult figures_of(const ScoredTrials& scored) const;

  const Recipe& recipe_;
  System& system_;
  SystemBackend backend_;
  const ScoringOptions scoring_;
  Communicator& all_;
  Progress& progress_;
  const WarnLine warn_;
  const std::string part_;
  const std::vector<Trial> trials_, test_trials_, calibration_trials_;
  const std::optional<AsvSystem> asv_;  // adds the t-DCF
};

}  // namespace bonafide
