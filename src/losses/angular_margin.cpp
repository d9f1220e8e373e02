#include "losses/angular_margin.h"

namespace bonafide {

namespace {
constexpr double kClamp = 1.0 - 1e-7;  // keeps the gradient of acos finite
}

torch::Tensor angular_margin(const torch::Tensor& cosines, const torch::Tensor& label,
                             double margin) {
  const auto column = label.view({-1, 1});
  const auto angle = torch::acos(cosines.gather(1, column).clamp(-kClamp, kClamp));
  return cosines.scatter(1, column, torch::cos(margin * angle));
}

}  // namespace bonafide
