#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "evaluation/epoch_selection.h"
#include "evaluation/part_figures.h"
#include "journal/comet.h"
#include "journal/journal.h"
#include "journal/scalars.h"
#include "recipe/recipe.h"
#include "systems/system.h"
#include "train/update.h"

namespace bonafide {

// What a run leaves in its directory for people and for `score`: models, journals, its page. The
// state that --resume needs is train/training_state's. Of a job of several processes only rank 0
// has one.
class RunFiles {
 public:
  // Where a run stands.
  struct Position {
    int64_t step = 0, epoch = 0;
  };

  // Takes up the files of a run that goes on; what they say of later steps is dropped.
  RunFiles(std::filesystem::path directory, const Recipe& recipe, Position begin,
           std::function<void(const std::string&)> warn);

  struct Step {
    int64_t number = 0;
    UpdateResult result;
    // Percent, of this sitting's part of the epoch; nothing when the loss does not classify.
    std::optional<double> running_accuracy;
    double learning_rate = 0;
    double seconds = 0;
  };
  void add(const Step& step);

  // `accuracy`: percent, over the whole epoch, where it is known. `best`: the lowest of the
  // selection's figure in the run so far. `figures`: nothing where no part chooses.
  void add(const EpochRecord& epoch, std::optional<double> accuracy, std::optional<double> best,
           const std::optional<PartFigures>& figures);

  // What train.best_on_eval saw of that epoch.
  void add_test(int64_t epoch, const PartFigures& figures);

  // The run's end: the lowest of the selection's figure.
  void add_final_best(double best, int64_t epoch);

  // NAME.safetensors, ready for `score`; `card`: what a reader wants to know of it. `base`: which
  // of its tensors lie elsewhere (checkpoint/base_weights.h).
  void write_model(const std::string& name, System& system, Json card, const Json& base) const;

  void flush();   // what was added is on the disk
  void finish();  // the journal elsewhere (Comet) is complete, too

 private:
  void write_report() const;

  const std::filesystem::path directory_;
  const Recipe& recipe_;
  const EpochSelection selection_;
  Journal journal_;
  Scalars scalars_;
  std::unique_ptr<Comet> comet_;
};

// Throws UsageError when the folder holds the models of a run that was done, whose state somebody
// may have removed: it is large.
void expect_no_models(const std::filesystem::path& directory);

}  // namespace bonafide
