#include "features/spec_augment.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <set>

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

TEST(DrawMask, ReachesEveryWidthAndEveryPlaceButNotBeyond) {
  Random random(1);
  std::set<std::pair<int64_t, int64_t>> seen;
  for (int i = 0; i < 1000; ++i) {
    const Mask mask = draw_mask(4, 2, random);
    seen.insert({mask.width, mask.start});
  }

  const std::set<std::pair<int64_t, int64_t>> want = {{0, 0}, {0, 1}, {0, 2}, {0, 3},
                                                      {0, 4}, {1, 0}, {1, 1}, {1, 2},
                                                      {1, 3}, {2, 0}, {2, 1}, {2, 2}};
  EXPECT_EQ(seen, want);
}

TEST(DrawMask, IsNeverWiderThanTheMap) {
  Random random(1);
  for (int i = 0; i < 100; ++i) EXPECT_LE(draw_mask(3, 30, random).width, 3);
}

}  // namespace
}  // namespace bonafide
