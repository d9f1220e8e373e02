#pragma once

#include <cstdint>
#include <memory>

#include "base/json.h"

namespace bonafide {

// The length of a training in optimiser steps.
struct TrainingLength {
  int64_t epochs = 1;
  int64_t steps_per_epoch = 1;
};

// The learning rate of each optimiser step, counted from 0.
class Schedule {
 public:
  virtual ~Schedule() = default;

  virtual double at(int64_t step) const = 0;

  // Told after each epoch what the selection metric was (lower is better). Only "plateau" listens.
  virtual void epoch_done(double /*metric*/) {}
  // What epoch_done has changed, for a run that is resumed; null when nothing can change.
  virtual Json state() const;
  virtual void restore(const Json& /*state*/) {}
};

// `options`: the recipe section `schedule`, whose comments say what each name means; `rate`:
// optimizer.lr. Throws UsageError for an unknown name or a value out of range.
//
// k is a step, e = k / steps_per_epoch (whole) an epoch:
//   constant      rate
//   cosine        rate (r + (1 - r)/2 (1 + cos(pi k / K))), r = lr_min/rate, K all steps (AASIST)
//   warmup_cosine rate k/warmup, then rate max(0, (1 + cos(pi (k - warmup)/(K - warmup)))/2); K is
//                 max_steps if given (SAME)
//   exponential   rate gamma^e (LightCNN)
//   multistep     rate gamma^(milestones at or before e)
//   keras_decay   rate / (1 + 1e-4 k)
//   restarts      cycles of cosines with a linear warm-up, a point for each epoch (SASV)
//   plateau       rate factor^n, n grows when the metric has not fallen for `patience` epochs
std::unique_ptr<Schedule> make_schedule(const Json& options, double rate, TrainingLength length);

// The cosine cycles with restarts of the SASV reference. Cycle c peaks at
// max_c = max decay^c and has a length L_c, of which `warmup` epochs climb from `min`:
// at k epochs into the cycle min + (max_c - min) k/warmup, then
// min + (max_c - min)(1 + cos(pi (k - warmup)/(L_c - warmup)))/2.
//
// The published code steps its scheduler in two ways, which give different lengths unless
// multiplier is 1 or warmup 0: by increments (L grows to (L - warmup) multiplier + warmup) or by
// assigning the epoch (L = first multiplier^c).
struct RestartOptions {
  double max = 1e-3;
  double min = 0;
  int64_t first_cycle = 10;  // epochs
  double multiplier = 1;
  int64_t warmup = 0;  // epochs
  double decay = 1;
  bool by_increment = true;
};
double restarting_cosine(const RestartOptions& options, int64_t epoch);

}  // namespace bonafide
