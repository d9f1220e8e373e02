#include "systems/recent_summaries.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace bonafide {
namespace {

// The mean of each waveform; counts what it was asked for.
struct Means {
  int64_t asked = 0;
  RecentSummaries::Make make = [this](const torch::Tensor& waves) {
    asked += waves.size(0);
    return waves.mean(1, /*keepdim=*/true);
  };
};

TEST(RecentSummaries, AskOnceForWhatIsThereTwice) {
  RecentSummaries recent(1 << 20);
  Means means;
  const auto waves = torch::tensor({{1.0F, 3.0F}, {5.0F, 5.0F}, {1.0F, 3.0F}});

  EXPECT_TRUE(recent.of(waves, means.make).equal(torch::tensor({{2.0F}, {5.0F}, {2.0F}})));
  EXPECT_EQ(means.asked, 2);
  EXPECT_TRUE(recent.of(waves.flip(0), means.make).equal(torch::tensor({{2.0F}, {5.0F}, {2.0F}})));
  EXPECT_EQ(means.asked, 2);
  recent.forget();
  recent.of(waves, means.make);
  EXPECT_EQ(means.asked, 4);
}

TEST(RecentSummaries, LetTheLeastRecentGoWhenMemoryEnds) {
  RecentSummaries recent(2 * sizeof(float));
  Means means;
  const auto wave = [](float value) { return torch::full({1, 4}, value); };
  for (const float value : {1.0F, 2.0F, 1.0F, 3.0F}) recent.of(wave(value), means.make);
  EXPECT_EQ(means.asked, 3);
  recent.of(wave(1), means.make);
  EXPECT_EQ(means.asked, 3) << "was asked for later than 2";
  recent.of(wave(2), means.make);
  EXPECT_EQ(means.asked, 4);
}

TEST(RecentSummaries, AreOfOneAxisMoreWhereLayersStandInFront) {
  RecentSummaries recent(1 << 20);
  const auto layers = [](const torch::Tensor& waves) {
    return torch::stack({waves, 2 * waves}).unsqueeze(3);  // [L, B, T, 1]
  };
  const auto waves = torch::randn({3, 5});
  recent.of(waves.narrow(0, 1, 1), layers);

  EXPECT_TRUE(recent.of(waves, layers).equal(layers(waves)));
}

}  // namespace
}  // namespace bonafide
