#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "recipe/recipe.h"
#include "systems/system.h"
#include "train/average.h"
#include "train/job.h"
#include "train/optimizer.h"
#include "train/schedule.h"
#include "train/training_state.h"
#include "train/update.h"

namespace bonafide {

// What makes a system learn: its optimiser, the schedule of its rate, its steps, and the moving
// average of its weights.
class Learner {
 public:
  // `batches`: of an epoch, of each process. `seed`: of the random numbers that a system draws.
  // Throws UsageError.
  Learner(const Recipe& recipe, System& system, const Job& job, int64_t batches, uint64_t seed);

  int64_t epochs() const { return length_.epochs; }
  int64_t steps_per_epoch() const { return length_.steps_per_epoch; }
  int64_t batches_per_step() const { return accumulate_; }  // an epoch's last step may have fewer
  double rate(int64_t step) const { return schedule_->at(step); }

  // Step `number` of the whole training, counted from 0.
  UpdateResult step(const std::vector<Batch>& batches, int64_t number);
  // What the part that chooses said of an epoch.
  void epoch_done(double choosing) { schedule_->epoch_done(choosing); }
  // The parameters of train.freeze do not learn before epoch train.unfreeze_epoch.
  void freeze_or_thaw(int64_t epoch);

  // While it lives the system has the moving average's weights, if one is kept.
  class Averaged {
   public:
    explicit Averaged(Learner& learner);
    ~Averaged();
    Averaged(const Averaged&) = delete;
    Averaged& operator=(const Averaged&) = delete;

   private:
    System& system_;
    WeightAverage own_;
  };

  // For the state of a run.
  TrainingParts parts(WeightAverage& average);

 private:
  const Recipe& recipe_;
  System& system_;
  const torch::Device device_;
  const uint64_t seed_;
  const int64_t accumulate_;
  const TrainingLength length_;
  const std::unique_ptr<Schedule> schedule_;
  Optimizer optimizer_;
  Update update_;
  const double moving_share_;  // of each step in the moving average; 0: none is kept
  WeightAverage moving_;
};

}  // namespace bonafide
