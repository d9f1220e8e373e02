#include "losses/additive_angular_margin.h"

#include <cmath>
#include <numbers>

namespace bonafide {

namespace {
constexpr double kLeastSquare = 1e-12;
}

torch::Tensor additive_angular_margin(const torch::Tensor& cosines, const torch::Tensor& label,
                                      double margin, double scale) {
  const auto column = label.view({-1, 1});
  const auto cosine = cosines.gather(1, column);
  // At an angle of 0 the root's slope has no end; the clamp ends it.
  const auto sine = (1 - cosine * cosine).clamp(kLeastSquare, 1).sqrt();
  const auto beyond = cosine - margin * std::sin(std::numbers::pi - margin);
  const auto inside = cosine * std::cos(margin) - sine * std::sin(margin);
  const auto target = torch::where(cosine > std::cos(std::numbers::pi - margin), inside, beyond);
  return scale * cosines.scatter(1, column, target);
}

}  // namespace bonafide
