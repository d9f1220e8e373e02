#pragma once

#include <functional>

#include "adapters.h"
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

// The .conf key `optim_config` as the recipe sections `optimizer` and `schedule`.
Json optimizer_of_conf(const Json& conf);
Json schedule_of_conf(const Json& conf);

// loss.class_weights, null for a plain mean.
std::array<double, 2> class_weights_of(const Json& config);

}  // namespace bonafide
