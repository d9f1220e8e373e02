#include "losses/angular_margin.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>

namespace bonafide {
namespace {

TEST(AngularMargin, MultipliesTheAngleOfTheLabelsClassAlone) {
  const auto cosines = torch::tensor({{std::cos(0.3), 0.5}, {0.2, std::cos(0.1)}}, torch::kFloat64);

  const auto logits = angular_margin(cosines, torch::tensor({0, 1}, torch::kInt64), 4);

  EXPECT_TRUE(torch::allclose(
      logits, torch::tensor({{std::cos(1.2), 0.5}, {0.2, std::cos(0.4)}}, torch::kFloat64)));
}

TEST(AngularMargin, HasAFiniteGradientAtBothEnds) {
  auto cosines = torch::tensor({{1.0f, 0.0f}, {-1.0f, 0.0f}}).requires_grad_();

  angular_margin(cosines, torch::tensor({0, 0}, torch::kInt64), 4).sum().backward();

  EXPECT_TRUE(torch::isfinite(cosines.grad()).all().item<bool>());
  EXPECT_EQ(cosines.grad()[0][0].item<float>(), 0.0f);
}

}  // namespace
}  // namespace bonafide
