#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "recipe/recipe.h"
#include "systems/system.h"
#include "train/job.h"
#include "train/judge.h"
#include "train/learner.h"
#include "train/trainer.h"
#include "train/training_part.h"
#include "train/training_state.h"

namespace bonafide {

// All that a run stands on: the system, its data, its judge, and where its state file says it is.
// Made from the recipe, before anything is written.
struct TrainingSetup {
  // Throws UsageError for a recipe that cannot be trained.
  TrainingSetup(const Recipe& recipe, const TrainingHooks& hooks);
  ~TrainingSetup();

  // Takes the state that the run directory holds, or the weights that a new run begins with.
  // Returns the settings that a run goes on with and did not begin with.
  std::vector<std::string> take_up(const std::filesystem::path& directory, bool resume);
  // Every process must call it.
  void save(const std::filesystem::path& directory);
  // Steps that are done.
  int64_t step_number() const { return state.epoch * learner.steps_per_epoch() + state.steps; }
  // The statistics of rank 0's batch norms, which are those that are saved, in every process. Where
  // batch norm is synchronised they are the same anyway.
  void share_buffers();

  const Recipe& recipe;
  const TrainingHooks& hooks;
  Job job;
  const std::unique_ptr<System> system;
  const TrainingPart part;
  Judge judge;
  Learner learner;
  WeightAverage average;  // of the epochs that were the best when they ended
  TrainingState state;

 private:
  void expect_the_same_everywhere();
  void use_several_processes();
};

}  // namespace bonafide
