#pragma once

#include <cstdint>

#include "base/json_value.h"

namespace bonafide {

// Keeps small gradients of fp16 from vanishing: the loss is multiplied by a factor that grows while
// all goes well and halves when a gradient overflows (Micikevicius et al., ICLR 2018).
class LossScaler {
 public:
  explicit LossScaler(bool enabled) : enabled_(enabled) {}

  bool enabled() const { return enabled_; }
  double factor() const { return enabled_ ? factor_ : 1.0; }
  // Told after each step whether every gradient was finite.
  void update(bool finite);

  Json state() const { return {{"factor", factor_}, {"good_steps", good_steps_}}; }
  void restore(const Json& state);

 private:
  bool enabled_;
  double factor_ = 65536;
  int64_t good_steps_ = 0;
};

}  // namespace bonafide
