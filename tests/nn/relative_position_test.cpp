#include "nn/relative_position.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace bonafide {
namespace {

// 8 buckets up to distance 16: 4 a side, of which 2 are exact; bucket 2 reaches from
// 2 to 2 * sqrt(8) = 5.66.
TEST(RelativePosition, NearOffsetsHaveABucketEachAndFarOnesShare) {
  const auto offsets = torch::tensor({0, -1, -2, -5, -6, -16, -1000}, torch::kInt64);

  EXPECT_TRUE(torch::equal(relative_position_buckets(offsets, 8, 16),
                           torch::tensor({0, 1, 2, 2, 3, 3, 3}, torch::kInt64)));
}

TEST(RelativePosition, KeysBehindTheQueryHaveTheUpperHalf) {
  const auto offsets = torch::tensor({1, 2, 5, 6, 1000}, torch::kInt64);

  EXPECT_TRUE(torch::equal(relative_position_buckets(offsets, 8, 16),
                           torch::tensor({5, 6, 6, 7, 7}, torch::kInt64)));
}

}  // namespace
}  // namespace bonafide
