#pragma once

#include <string>

#include "base/json.h"

namespace bonafide {

// Where training stands.
struct TrainingClock {
  int64_t step = 0;  // of the optimiser, from 0
  double epoch = 0;  // the same in epochs: 1.5 is the middle of the second
};

// A number of a loss (a weight, a margin) that may change while training goes on: `from` until
// `begin`, `to` from `end` on, between them along a line or half a cosine. A line of steps is the
// adaptive margin of SAME (feiyuehchen/SAME: from 0.7 at step 1000 to m_real at the last).
class Ramp {
 public:
  explicit Ramp(double constant) : from_(constant), to_(constant) {}

  // A number, or {from, to, begin, end, unit: step | epoch, shape: linear | cosine}; begin is 0,
  // unit step and shape linear when not said. `key` goes into messages, "loss.margin". Throws
  // UsageError for another thing, and when the number leaves [least, most].
  static Ramp of(const Json& value, const std::string& key, double least, double most);

  double at(const TrainingClock& clock) const;

 private:
  double from_, to_;
  double begin_ = 0, end_ = 1;
  bool epochs_ = false, cosine_ = false;
};

}  // namespace bonafide
