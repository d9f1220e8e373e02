#pragma once

#include <array>
#include <functional>
#include <vector>

#include "adapters.h"
#include "recipe/recipe.h"
#include "systems/system.h"
#include "train/optimizer.h"
#include "train/schedule.h"
#include "train/update.h"

namespace bonafide {

// Training cases run without dropout.
void without_dropout(torch::nn::Module& module);

// Every parameter and buffer as state.NAME.
void add_state(const torch::nn::Module& module, Results& results);

// The gradients that there are as grad.NAME.
void add_gradients(const torch::nn::Module& module, Results& results);

// A training case: the trainer's own steps on one batch, again and again.
struct TrainingRun {
  System& system;
  Optimizer& optimizer;
  const Schedule& schedule;
  Batch batch;
  int64_t steps = 1;
  int64_t steps_per_epoch = 1;
  UpdateOptions options = {};
};

// Gives learning_rate, the first step's gradients, gradient_norm of each step where it is limited,
// and the state after the last one. `observe` sees what each step came to.
Results train_on(const TrainingRun& run, const std::function<void(const UpdateResult&)>& observe);

// What the network answers in training mode; its buffers stay as they are.
torch::Tensor first_logits(Network& network, const NetworkInput& input);

// The case's .conf keys `model_config` and `optim_config` as a recipe.
Recipe recipe_of_conf(const Json& config);

// loss.class_weights; empty when they are null, for a plain mean.
std::vector<double> class_weights_of(const Json& config);
// The same of a detector; a plain mean by ones.
std::array<double, 2> detector_weights_of(const Json& config);

}  // namespace bonafide
