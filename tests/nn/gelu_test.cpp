#include "nn/gelu.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>

namespace bonafide {
namespace {

torch::Tensor by_erf(const torch::Tensor& x) {
  return x / 2 * (1 + torch::erf(x / std::sqrt(2.0)));
}

// Gradient of a sum of products with `weights` over the transposed result.
torch::Tensor gradient_behind_transposition(torch::Tensor (*function)(const torch::Tensor&),
                                            const torch::Tensor& values,
                                            const torch::Tensor& weights) {
  const auto x = values.clone().requires_grad_();
  (function(x).transpose(1, 2).contiguous() * weights).sum().backward();
  return x.grad();
}

TEST(Gelu, IsTheExactForm) {
  torch::manual_seed(1);
  const auto x = torch::randn({3, 50}, torch::kFloat64) * 3;

  EXPECT_TRUE(torch::allclose(exact_gelu(x), by_erf(x), 1e-12, 1e-12));
}

TEST(Gelu, HasRightGradientsBehindATransposition) {
  torch::manual_seed(1);
  const auto x = torch::randn({2, 48, 60}), weights = torch::randn({2, 60, 48});

  EXPECT_TRUE(torch::allclose(gradient_behind_transposition(exact_gelu, x, weights),
                              gradient_behind_transposition(by_erf, x, weights), 1e-4, 1e-5));
}

TEST(Gelu, HasRightGradientsOfATransposedInput) {
  torch::manual_seed(1);
  const auto x = torch::randn({2, 60, 48}).transpose(1, 2), weights = torch::randn({2, 60, 48});

  EXPECT_TRUE(torch::allclose(gradient_behind_transposition(exact_gelu, x, weights),
                              gradient_behind_transposition(by_erf, x, weights), 1e-4, 1e-5));
}

}  // namespace
}  // namespace bonafide
