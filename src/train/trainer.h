#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/progress.h"
#include "journal/journal.h"
#include "recipe/recipe.h"
#include "systems/system.h"

namespace bonafide {

// What a run came to. The files lie in the run directory:
// best.safetensors      the epoch with the lowest EER (or other figure of the selection), ready for
//                       `score`; none without a selection
// last.safetensors      the last epoch
// averaged.safetensors  the mean of the epochs that were the best when they ended (SWA)
// best_on_eval.safetensors  of those and their mean the one with the lowest min t-DCF on the test
//                       data (train.best_on_eval)
// state.safetensors     what --resume needs
// report.html           learning curves
// log.csv, scalars.jsonl, events.out.tfevents.*   figures by epoch and by step
// recipe.yaml, run.json the full recipe; versions, command, machine, data
struct TrainingResult {
  bool first = true;  // this process is rank 0 and speaks for the others
  bool interrupted = false;
  bool stopped_early = false;  // train.patience ran out
  int64_t epochs = 0;          // done in all
  int64_t best_epoch = -1;
  double best_eer = 0;                   // the selection's figure (an EER in percent), the lowest
  std::optional<double> averaged_eer;    // the average's
  std::optional<double> best_test_tdcf;  // of train.best_on_eval
  size_t broken = 0;                     // recordings left out in the last epoch
};

struct TrainingHooks {
  Progress& progress;
  std::function<void(const EpochRecord&)> epoch_done;
  std::function<void(const std::string&)> warn;  // one line
  std::string command = {};                      // what the user typed, for the run's record
  const SystemTable& systems = builtin_systems();
};

// Trains the recipe's system and writes the run directory. With `resume` goes on where the
// directory says, as if nothing had happened; without, the directory must not hold a run. When
// interrupted, finishes the step, saves, and returns. Throws Error when the loss stops being a
// number, or for a recording that cannot be read (unless train.broken_files is "skip").
//
// In a job of several processes (see communicator.h) each calls this; a batch is then
// train.batch_size of each process, and only rank 0 writes and shows progress. All of them must see
// the run directory.
TrainingResult train(const Recipe& recipe, const std::filesystem::path& directory, bool resume,
                     const TrainingHooks& hooks);

// What a training would begin with.
struct TrainingPlan {
  std::vector<std::pair<std::string, size_t>> parts;  // "train" and its recordings, ...
  int64_t batches = 0;                                // of an epoch, of each process
};

// Reads the data, the weights to begin with or the state to go on from, and makes the system as
// train() does before its first step, and throws as it does. Writes nothing into the directory.
TrainingPlan plan_training(const Recipe& recipe, const std::filesystem::path& directory,
                           bool resume, const TrainingHooks& hooks);

}  // namespace bonafide
