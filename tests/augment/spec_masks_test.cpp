#include "augment/spec_masks.h"

#include <gtest/gtest.h>

#include <set>
#include <utility>

namespace bonafide {
namespace {

TEST(DrawLcnnMask, ReachesEveryWidthAndEveryPlaceButNotBeyond) {
  Random random(1);
  std::set<std::pair<size_t, size_t>> seen;
  for (int i = 0; i < 1000; ++i) {
    const Mask mask = draw_lcnn_mask(2, 4, random);
    seen.insert({mask.width, mask.start});
  }

  const std::set<std::pair<size_t, size_t>> want = {{0, 0}, {0, 1}, {0, 2}, {0, 3}, {0, 4}, {1, 0},
                                                    {1, 1}, {1, 2}, {1, 3}, {2, 0}, {2, 1}, {2, 2}};
  EXPECT_EQ(seen, want);
}

TEST(DrawLcnnMask, IsNeverWiderThanTheMap) {
  Random random(1);
  for (int i = 0; i < 100; ++i) EXPECT_LE(draw_lcnn_mask(30, 3, random).width, 3u);
}

}  // namespace
}  // namespace bonafide
