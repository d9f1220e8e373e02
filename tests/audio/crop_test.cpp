#include "audio/crop.h"

#include <gtest/gtest.h>

#include <set>

#include "base/error.h"

namespace bonafide {
namespace {

using Samples = std::vector<float>;

TEST(CropFirst, TakesTheFirstSamples) {
  EXPECT_EQ(crop_first(Samples{1, 2, 3, 4}, 2), (Samples{1, 2}));
}

TEST(CropFirst, RepeatsAShortSignalFromItsStart) {
  EXPECT_EQ(crop_first(Samples{1, 2, 3}, 7), (Samples{1, 2, 3, 1, 2, 3, 1}));
}

TEST(CropFirst, RefusesAnEmptySignal) { EXPECT_THROW(crop_first(Samples{}, 3), Error); }

TEST(CropRandom, ReturnsASignalOfTheRightLengthAsItIs) {
  Random random(1);

  EXPECT_EQ(crop_random(Samples{1, 2, 3}, 3, random), (Samples{1, 2, 3}));
}

TEST(CropRandom, DrawsEveryStart) {
  Random random(1);
  std::set<Samples> drawn;

  for (int i = 0; i < 100; ++i) drawn.insert(crop_random(Samples{1, 2, 3}, 2, random));

  EXPECT_EQ(drawn, (std::set<Samples>{{1, 2}, {2, 3}}));
}

TEST(CropRandom, RepeatsAShortSignal) {
  Random random(1);

  EXPECT_EQ(crop_random(Samples{1, 2}, 3, random), (Samples{1, 2, 1}));
}

}  // namespace
}  // namespace bonafide
