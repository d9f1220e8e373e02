#include "nn/max_feature_map.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "base/error.h"

namespace bonafide {
namespace {

TEST(MaxFeatureMap, KeepsTheLargerHalf) {
  const auto y = max_feature_map(torch::tensor({1.0f, 5.0f, 4.0f, 2.0f}).view({1, 4, 1}));

  EXPECT_TRUE(torch::equal(y, torch::tensor({4.0f, 5.0f}).view({1, 2, 1})));
}

TEST(MaxFeatureMap, RefusesAnOddNumberOfChannels) {
  EXPECT_THROW(max_feature_map(torch::zeros({1, 3, 8})), Error);
}

}  // namespace
}  // namespace bonafide
