#include "nn/ordered_linear.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace bonafide {
namespace {

TEST(OrderedLinear, AddsUpFromTheFirstTermToTheLast) {
  // 1 is lost in 2^24, unless the two large ones have met before.
  const auto x =
      torch::tensor({{16777216.0f, 1.0f, -16777216.0f}, {16777216.0f, -16777216.0f, 1.0f}});

  const auto y = ordered_linear(x, torch::ones({1, 3}), torch::full({1}, 0.5));

  EXPECT_TRUE(torch::equal(y, torch::tensor({{0.5f}, {1.5f}})));
}

TEST(OrderedLinear, IsALinearLayer) {
  torch::manual_seed(1);
  const auto x = torch::randn({3, 50}, torch::kFloat64);
  const auto weight = torch::randn({21, 50}, torch::kFloat64);
  const auto bias = torch::randn({21}, torch::kFloat64);

  EXPECT_TRUE(torch::allclose(ordered_linear(x, weight, bias), torch::linear(x, weight, bias)));
}

}  // namespace
}  // namespace bonafide
