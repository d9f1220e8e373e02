#include "features/spec_augment.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "base/error.h"

namespace bonafide {
namespace {

TEST(Masked, SetsABandOfRowsAndOneOfFramesToZeroInACopy) {
  const auto map = torch::ones({3, 4});

  const auto y = masked(map, {1, 1}, {2, 2});

  EXPECT_TRUE(torch::equal(
      y, torch::tensor(
             {{1.0f, 1.0f, 0.0f, 0.0f}, {0.0f, 0.0f, 0.0f, 0.0f}, {1.0f, 1.0f, 0.0f, 0.0f}})));
  EXPECT_TRUE(torch::equal(map, torch::ones({3, 4})));
}

TEST(Masked, RefusesAMaskBeyondTheMap) {
  EXPECT_THROW(masked(torch::ones({3, 4}), {2, 2}, {0, 0}), Error);
}

}  // namespace
}  // namespace bonafide
