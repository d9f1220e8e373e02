#include "nn/max_feature_map.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <limits>

#include "base/error.h"

namespace bonafide {
namespace {

TEST(MaxFeatureMap, KeepsTheLargerHalf) {
  const auto y = max_feature_map(torch::tensor({1.0f, 5.0f, 4.0f, 2.0f}).view({1, 4, 1}));

  EXPECT_TRUE(torch::equal(y, torch::tensor({4.0f, 5.0f}).view({1, 2, 1})));
}

// LibTorch's own composition.
torch::Tensor composed(const torch::Tensor& x) {
  const auto halves = x.chunk(2, 1);
  return torch::maximum(halves[0], halves[1]);
}

void expect_as_composed(const torch::Tensor& values) {
  auto ours = values.clone().requires_grad_(), theirs = values.clone().requires_grad_();

  const auto a = max_feature_map(ours), b = composed(theirs);
  ASSERT_TRUE(torch::equal(a, b));
  const auto slope = torch::rand_like(b);
  a.backward(slope);
  b.backward(slope);

  EXPECT_TRUE(torch::equal(ours.grad(), theirs.grad())) << values.sizes();
}

TEST(MaxFeatureMap, HasTheGradientOfItsComposition) {
  torch::manual_seed(1);
  expect_as_composed(torch::randn({3, 8, 37, 53}));
  expect_as_composed(torch::randn({5, 160}, torch::kFloat64));
  expect_as_composed(torch::randn({2, 6, 5, 7}).to(at::MemoryFormat::ChannelsLast));
  expect_as_composed(torch::randint(0, 3, {4, 4, 9}).to(torch::kFloat32));  // many equals
  expect_as_composed(torch::randn({6, 3, 4, 5}).transpose(0, 1));
}

TEST(MaxFeatureMap, LetsNoNumbersThrough) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  auto x = torch::tensor({nan, 1.0F, 1.0F, nan}).view({1, 4}).requires_grad_();

  EXPECT_TRUE(max_feature_map(x).isnan().all().item<bool>());
}

TEST(MaxFeatureMap, RefusesAnOddNumberOfChannels) {
  EXPECT_THROW(max_feature_map(torch::zeros({1, 3, 8})), Error);
}

}  // namespace
}  // namespace bonafide
