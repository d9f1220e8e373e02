#pragma once

#include <torch/types.h>

#include <string>

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

}  // namespace bonafide
