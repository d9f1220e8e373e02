#include "nn/max_pool.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <limits>

namespace bonafide {
namespace {

using Window = std::array<int64_t, 2>;

constexpr Window kWindows[] = {{1, 3}, {2, 2}, {3, 3}, {2, 3}};  // the last one is LibTorch's

void expect_as_libtorch(const torch::Tensor& values, const Window& window) {
  SCOPED_TRACE(testing::Message() << values.sizes() << " by " << window[0] << " x " << window[1]);
  auto ours = values.clone().requires_grad_(), theirs = values.clone().requires_grad_();

  const auto a = max_pool(ours, window), b = torch::max_pool2d(theirs, window);
  ASSERT_TRUE(torch::equal(a, b));
  const auto slope = torch::rand_like(b);
  a.backward(slope);
  b.backward(slope);

  EXPECT_TRUE(torch::equal(ours.grad(), theirs.grad()));
  const torch::NoGradGuard no_grad;
  EXPECT_TRUE(torch::equal(max_pool(values, window), b));
}

TEST(MaxPool, IsLibTorchsToTheBit) {
  torch::manual_seed(1);
  for (const Window& window : kWindows) {
    expect_as_libtorch(torch::randn({3, 8, 23, 401}), window);  // fills no window at the edges
    expect_as_libtorch(torch::randn({2, 1, 6, 6}, torch::kFloat64), window);
    expect_as_libtorch(torch::randn({2, 6, 7, 9}).to(at::MemoryFormat::ChannelsLast), window);
    expect_as_libtorch(torch::randint(0, 3, {4, 4, 9, 30}).to(torch::kFloat32), window);  // equals
    expect_as_libtorch(torch::randn({5, 9, 3, 4}).transpose(0, 3), window);
    expect_as_libtorch(torch::full({1, 1, 3, 3}, -std::numeric_limits<float>::infinity()), window);
  }
}

TEST(MaxPool, LetsNoNumbersThroughAndSendsThemTheirGradient) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const auto values = torch::tensor({nan, 1.0F, nan, 2.0F, 3.0F, 1.0F}).view({1, 1, 1, 6});
  auto ours = values.clone().requires_grad_(), theirs = values.clone().requires_grad_();

  const auto y = max_pool(ours, Window{1, 3});
  y.sum().backward();
  torch::max_pool2d(theirs, {1, 3}).sum().backward();

  EXPECT_TRUE(y.select(3, 0).isnan().all().item<bool>());
  EXPECT_EQ(y.select(3, 1).item<float>(), 3.0F);
  EXPECT_TRUE(torch::equal(ours.grad(), theirs.grad()));
}

TEST(MaxPool, GoesAlongTheLastAxisOfAMapWithoutRows) {
  const auto x = torch::tensor({1.0F, 4.0F, 2.0F, 7.0F, 5.0F, 6.0F, 9.0F}).view({1, 1, 7});

  EXPECT_TRUE(torch::equal(max_pool(x, 3), torch::tensor({4.0F, 7.0F}).view({1, 1, 2})));
}

TEST(MaxPool, RefusesAMapSmallerThanItsWindow) {
  for (const Window& window : kWindows) {
    EXPECT_THROW(max_pool(torch::zeros({1, 1, 3, 1}), window), c10::Error);
  }
}

}  // namespace
}  // namespace bonafide
