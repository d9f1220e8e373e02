#pragma once

#include <torch/types.h>

#include <optional>
#include <string>

#include "base/json_value.h"

namespace bonafide {

// The arithmetic of forward and backward passes; weights stay float32.
enum class Precision { kFloat32, kBfloat16, kFloat16 };

// "float32", "bf16" or "fp16". Throws UsageError, also for fp16 on a processor.
Precision parse_precision(const std::string& name, torch::Device device);

// While it lives, LibTorch runs what is safe in the lower precision (autocast), in this thread.
class AutocastScope {
 public:
  AutocastScope(Precision precision, torch::Device device);
  ~AutocastScope();

  AutocastScope(const AutocastScope&) = delete;
  AutocastScope& operator=(const AutocastScope&) = delete;

 private:
  const bool active_;
  const torch::DeviceType device_;
};

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
