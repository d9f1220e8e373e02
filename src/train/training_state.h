#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <filesystem>
#include <optional>

#include "base/json_value.h"
#include "processes/communicator.h"
#include "systems/system.h"
#include "train/average.h"
#include "train/loss_scaler.h"
#include "train/optimizer.h"
#include "train/schedule.h"

namespace bonafide {

// Where a training run stands. Together with the recipe it says how the run goes on, to the bit.
struct TrainingState {
  int64_t epoch = 0;         // the next one to do, or the one under way
  int64_t batch = 0;         // where it goes on: the number of its next batch, of each process
  int64_t steps = 0;         // of it that are done; -1: a state that does not say
  double epoch_seconds = 0;  // spent on it, over all sittings
  double loss_sum = 0;
  double best_eer = 0;        // percent
  int64_t best_epoch = -1;    // none yet
  int64_t better_epoch = -1;  // the last that was better than all before, for train.patience
  std::optional<double> best_test_tdcf;  // of train.best_on_eval
  double seconds = 0;                    // spent on training so far, over all sittings
  Json base = {};  // where the tensors lie that the state leaves out (checkpoint/base_weights.h)
};

// Everything else that the next step depends on, besides LibTorch's random numbers.
struct TrainingParts {
  System& system;
  Optimizer& optimizer;
  Schedule& schedule;
  LossScaler& scaler;
  WeightAverage& average;  // SWA
  WeightAverage& moving;   // EMA
};

// Written atomically by rank 0; every process must call it, for each has random numbers of its own.
void save_training(const std::filesystem::path& path, const TrainingState& state,
                   const TrainingParts& parts, Communicator& communicator);
// Every process reads the file. Throws Error when it is not the state of such a run, or was saved
// by another number of processes.
TrainingState load_training(const std::filesystem::path& path, const TrainingParts& parts,
                            const Communicator& communicator);

}  // namespace bonafide
