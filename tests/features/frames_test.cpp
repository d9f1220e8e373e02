#include "features/frames.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <set>

#include "base/error.h"

namespace bonafide {
namespace {

TEST(FirstFrames, CutsALongMapAndRepeatsAShortOne) {
  const auto map = torch::arange(3, torch::kFloat32).view({1, 3});

  EXPECT_TRUE(torch::equal(first_frames(map, 2), torch::tensor({{0.0f, 1.0f}})));
  EXPECT_TRUE(torch::equal(first_frames(map, 3), map));
  EXPECT_TRUE(torch::equal(first_frames(map, 7),
                           torch::tensor({{0.0f, 1.0f, 2.0f, 0.0f, 1.0f, 2.0f, 0.0f}})));
}

TEST(FirstFrames, RefusesAMapWithoutFrames) {
  EXPECT_THROW(first_frames(torch::empty({2, 0}), 3), Error);
}

TEST(RandomFrames, BeginsWhereverThereIsRoom) {
  const auto map = torch::arange(6, torch::kFloat32).view({1, 6});
  Random random(3);
  std::set<float> starts;
  for (int i = 0; i < 100; ++i) starts.insert(random_frames(map, 4, random)[0][0].item<float>());

  EXPECT_EQ(starts, (std::set<float>{0, 1, 2}));
}

TEST(RandomFrames, RepeatsAShortMapFromItsBeginning) {
  const auto map = torch::arange(2, torch::kFloat32).view({1, 2});
  Random random(3);

  EXPECT_TRUE(torch::equal(random_frames(map, 3, random), torch::tensor({{0.0f, 1.0f, 0.0f}})));
}

}  // namespace
}  // namespace bonafide
