#include "features/lfcc.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>

#include "base/error.h"

namespace bonafide {
namespace {

int64_t frames(int64_t samples) { return lfcc(torch::ones({samples}), {}).size(1); }

TEST(Lfcc, FillsTheLastFrameWithZeros) {
  EXPECT_EQ(frames(161), 1);
  EXPECT_EQ(frames(320), 1);
  EXPECT_EQ(frames(321), 2);
  EXPECT_EQ(frames(64600), 403);
}

TEST(Lfcc, RefusesASignalWithoutAFrame) {
  EXPECT_THROW(lfcc(torch::ones({160}), {}), Error);
  EXPECT_THROW(lfcc(torch::ones({0}), {}), Error);
}

TEST(Lfcc, OfSilenceIsTheFloorInTheFirstCoefficientAlone) {
  const auto c = lfcc(torch::zeros({1000}), {});

  EXPECT_EQ(c.size(0), 60);
  EXPECT_NEAR(c[0][0].item<double>(), std::log10(2.220446049250313e-16) * std::sqrt(20.0), 1e-9);
  EXPECT_LT(c.narrow(0, 1, 59).abs().max().item<double>(), 1e-9);
}

TEST(Lfcc, TakesDifferencesOfNeighboursWithoutDividing) {
  const auto c = lfcc(torch::rand({4000}, torch::kFloat64), {});
  const auto statics = c.narrow(0, 0, 20);
  const auto deltas = c.narrow(0, 20, 20);

  EXPECT_TRUE(torch::allclose(deltas.select(1, 5), statics.select(1, 6) - statics.select(1, 4)));
  EXPECT_TRUE(torch::allclose(deltas.select(1, 0), statics.select(1, 1) - statics.select(1, 0)));
  EXPECT_TRUE(
      torch::allclose(c.narrow(0, 40, 20).select(1, 5), deltas.select(1, 6) - deltas.select(1, 4)));
}

}  // namespace
}  // namespace bonafide
