#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "base/json.h"
#include "evaluation/part_figures.h"
#include "journal/journal.h"
#include "train/run_files.h"
#include "train/training_setup.h"

namespace bonafide {

// The figures of an epoch: of the part that chooses, if one does, and of the test data where the
// epoch is the best and they choose too.
struct Judged {
  std::optional<PartFigures> figures, test;
};

// Has the system judged and keeps the weights that are worth it: the last, the best, their average,
// and the best on the test data. All processes call it; rank 0 writes.
class Keeper {
 public:
  // `files`: null but for rank 0. Keeps references to everything it is given.
  Keeper(TrainingSetup& setup, std::filesystem::path directory, RunFiles* files);

  // Judges the system as it stands, fills in what the record says of that and keeps the weights;
  // false when interrupted.
  bool judge_epoch(EpochRecord& record, Judged& judged);

  // At the run's end. The average of the best epochs, if one is asked for, and its figure; then the
  // calibrations of all that was kept. False when interrupted.
  bool finish(std::optional<double>& averaged);

 private:
  std::optional<PartFigures> figures_of(const std::string& what);
  bool is_best(double figure) const;
  void keep(const EpochRecord& record, const std::optional<PartFigures>& test);
  void keep_best_on_eval(double figure, const PartFigures& test,
                         const std::function<bool(double, double)>& better);
  bool refresh_batch_norm();
  bool finish_average(std::optional<double>& averaged);
  bool calibrate(const std::string& name);
  void write(const std::string& name, double figure, const Json& more);

  TrainingSetup& setup_;
  TrainingState& state_;
  Judge& judge_;
  const std::filesystem::path directory_;
  RunFiles* const files_;
  const bool averages_, last_of_equals_;
};

}  // namespace bonafide
