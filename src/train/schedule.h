#pragma once

#include <cstdint>

#include "base/json.h"

namespace bonafide {

// The learning rate of each optimiser step, counted from 0.
class Schedule {
 public:
  // `options`: the recipe section `schedule`; `rate`: optimizer.lr; `total_steps`: of the whole
  // training. Throws UsageError for an unknown name.
  Schedule(const Json& options, double rate, int64_t total_steps);

  // cosine: rate * (r + (1 - r) / 2 * (1 + cos(pi k / K))), r = lr_min / rate
  // keras_decay: rate / (1 + 1e-4 k)
  double at(int64_t step) const;

 private:
  enum class Kind { kConstant, kCosine, kKerasDecay } kind_;
  double rate_;
  double least_;
  int64_t total_steps_;
};

}  // namespace bonafide
