#include "nn/relative_position.h"

#include <torch/torch.h>

#include <cmath>

namespace bonafide {

// The logarithm is taken in float32, as the published code does: the edges of far buckets hang on
// it.
torch::Tensor relative_position_buckets(const torch::Tensor& offsets, int64_t buckets,
                                        int64_t max_distance) {
  const int64_t half = buckets / 2, exact = half / 2;
  const auto distance = offsets.to(torch::kInt64).abs();
  const double range = std::log(static_cast<double>(max_distance) / static_cast<double>(exact));
  const auto scaled =
      torch::log(distance.clamp_min(1).to(torch::kFloat32) / exact) / range * (half - exact);
  const auto far = (scaled.to(torch::kInt64) + exact).clamp_max(half - 1);
  return torch::where(distance < exact, distance, far) + (offsets > 0).to(torch::kInt64) * half;
}

}  // namespace bonafide
