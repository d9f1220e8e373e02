#include "tensor/precision.h"

#include <ATen/autocast_mode.h>
#include <fmt/format.h>
#include <torch/version.h>

#include "base/error.h"
#include "base/text.h"

namespace bonafide {

namespace {

// LibTorch 2.4 has one function for all devices.
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
void set_autocast(torch::DeviceType device, bool enabled) {
  at::autocast::set_autocast_enabled(device, enabled);
}
void set_autocast_type(torch::DeviceType device, torch::Dtype dtype) {
  at::autocast::set_autocast_dtype(device, dtype);
}
#else
void set_autocast(torch::DeviceType device, bool enabled) {
  if (device == torch::kCPU) return at::autocast::set_cpu_enabled(enabled);
  at::autocast::set_enabled(enabled);
}
void set_autocast_type(torch::DeviceType device, torch::Dtype dtype) {
  if (device == torch::kCPU) return at::autocast::set_autocast_cpu_dtype(dtype);
  at::autocast::set_autocast_gpu_dtype(dtype);
}
#endif

}  // namespace

Precision parse_precision(const std::string& name, torch::Device device) {
  if (name == "float32") return Precision::kFloat32;
  if (name == "bf16") return Precision::kBfloat16;
  if (name != "fp16") {
    throw UsageError(
        fmt::format("compute.precision: \"{}\": wants float32, bf16 or fp16", printable(name)));
  }
  if (device.is_cpu()) {
    throw UsageError("compute.precision: a processor has no fp16 arithmetic; bf16 works there");
  }
  return Precision::kFloat16;
}

AutocastScope::AutocastScope(Precision precision, torch::Device device)
    : active_(precision != Precision::kFloat32), device_(device.type()) {
  if (!active_) return;
  set_autocast_type(device_, precision == Precision::kFloat16 ? torch::kFloat16 : torch::kBFloat16);
  set_autocast(device_, true);
  at::autocast::increment_nesting();
}

AutocastScope::~AutocastScope() {
  if (!active_) return;
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  set_autocast(device_, false);
}

}  // namespace bonafide
