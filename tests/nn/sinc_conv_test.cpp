#include "nn/sinc_conv.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "base/error.h"

namespace bonafide {
namespace {

TEST(SincConv, CorrelatesWithEachFilter) {
  SincConv conv(torch::tensor({{0.0, 1.0, 0.0}, {1.0, 0.0, -1.0}}, torch::kFloat64));

  const auto bands = conv.forward(torch::tensor({{1.0f, 2.0f, 4.0f, 8.0f}}));

  EXPECT_TRUE(torch::equal(bands, torch::tensor({{{2.0f, 4.0f}, {-3.0f, -6.0f}}})));
}

TEST(SincConv, MasksBandsUntilToldOtherwise) {
  SincConv conv(torch::ones({3, 3}, torch::kFloat64));
  const auto wave = torch::ones({1, 3});

  conv.mask(1, 2);
  const auto masked = conv.forward(wave);
  conv.mask(0, 0);
  const auto whole = conv.forward(wave);

  EXPECT_TRUE(torch::equal(masked.flatten(), torch::tensor({3.0f, 0.0f, 0.0f})));
  EXPECT_TRUE(torch::equal(whole.flatten(), torch::tensor({3.0f, 3.0f, 3.0f})));
}

TEST(SincConv, RefusesAMaskBeyondTheBank) {
  SincConv conv(torch::ones({3, 3}, torch::kFloat64));

  EXPECT_THROW(conv.mask(2, 2), Error);
}

TEST(SincConv, FollowsTheTypeOfItsInput) {
  SincConv conv(torch::ones({1, 3}, torch::kFloat64));

  EXPECT_EQ(conv.forward(torch::ones({1, 4})).dtype(), torch::kFloat32);
  EXPECT_EQ(conv.forward(torch::ones({1, 4}, torch::kFloat64)).dtype(), torch::kFloat64);
}

}  // namespace
}  // namespace bonafide
