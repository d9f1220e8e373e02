#pragma once

#include <array>
#include <functional>
#include <vector>

#include "adapters.h"
#include "base/recipe.h"
#include "systems/system.h"
#include "train/optimizer.h"
#include "train/schedule.h"

namespace bonafide {

// Training cases run without dropout.
void without_dropout(torch::nn::Module& module);

// Every parameter and buffer as state.NAME.
void add_state(const torch::nn::Module& module, Results& results);

// The gradients that there are as grad.NAME.
void add_gradients(const torch::nn::Module& module, Results& results);

// Optimiser steps on one batch. `observe` sees each step's outcome before the update. Gives
// learning_rate, the first step's gradients, and the state after the last one.
Results train_on(System& system, const Batch& batch, Optimizer& optimizer, const Schedule& schedule,
                 int64_t steps, const std::function<void(const Outcome&)>& observe);

// The case's .conf keys `model_config` and `optim_config` as a recipe.
Recipe recipe_of_conf(const Json& config);

// loss.class_weights; empty when they are null, for a plain mean.
std::vector<double> class_weights_of(const Json& config);
// The same of a detector; a plain mean by ones.
std::array<double, 2> detector_weights_of(const Json& config);

}  // namespace bonafide
