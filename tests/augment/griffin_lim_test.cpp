#include "augment/griffin_lim.h"

#include <gtest/gtest.h>

#include <cmath>

#include "augment/vowel.h"

namespace bonafide {
namespace {

double rms_difference(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(sum / static_cast<double>(a.size()));
}

double rms(const std::vector<float>& x) { return rms_difference(x, std::vector<float>(x.size())); }

TEST(GriffinLim, KeepsLengthAndLevelButNotTheWaveform) {
  const auto original = make_vowel(1, 16000, 3).samples;

  const auto copy = griffin_lim(original, 24, 1);

  ASSERT_EQ(copy.size(), original.size());
  EXPECT_NEAR(20 * std::log10(rms(copy) / rms(original)), 0, 1);
  EXPECT_GT(rms_difference(copy, original), 0.3 * rms(original));
}

TEST(GriffinLim, ComesNearerToTheMagnitudesWithIterations) {
  // The copy of a copy is far from it when the magnitudes fit no signal.
  const auto original = make_vowel(1, 16000, 3).samples;
  const auto level_error = [&](int iterations) {
    return std::abs(std::log(rms(griffin_lim(original, iterations, 1)) / rms(original)));
  };

  EXPECT_LT(level_error(24), 0.5 * level_error(0));
}

TEST(GriffinLim, DependsOnItsSeedAlone) {
  const auto original = make_vowel(0.3, 16000, 3).samples;

  EXPECT_EQ(griffin_lim(original, 3, 1), griffin_lim(original, 3, 1));
  EXPECT_NE(griffin_lim(original, 3, 1), griffin_lim(original, 3, 2));
}

TEST(GriffinLim, LeavesSilenceSilent) {
  for (const float value : griffin_lim(std::vector<float>(1000), 3, 1)) EXPECT_EQ(value, 0);
  EXPECT_TRUE(griffin_lim({}, 3, 1).empty());
}

}  // namespace
}  // namespace bonafide
