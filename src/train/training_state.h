#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <filesystem>

#include "base/json.h"
#include "systems/system.h"
#include "train/average.h"
#include "train/optimizer.h"

namespace bonafide {

// Where a training run stands. Together with the recipe it says how the run goes on, to the bit.
struct TrainingState {
  int64_t epoch = 0;  // the next one to do, or the one under way
  int64_t batch = 0;  // batches of it that are done
  double loss_sum = 0;
  double best_eer = 0;      // percent
  int64_t best_epoch = -1;  // none yet
  double seconds = 0;       // spent on training so far, over all sittings
};

// Everything that the next step depends on: weights, optimiser, average, LibTorch's random numbers,
// position. Written atomically.
void save_training(const std::filesystem::path& path, const TrainingState& state, System& system,
                   Optimizer& optimizer, const WeightAverage& average);
// Throws Error when the file is not the state of such a run.
TrainingState load_training(const std::filesystem::path& path, System& system, Optimizer& optimizer,
                            WeightAverage& average);

}  // namespace bonafide
