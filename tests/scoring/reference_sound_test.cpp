#include "scoring/reference_sound.h"

#include <gtest/gtest.h>

#include <cmath>

namespace bonafide {
namespace {

using Kind = ReferenceSound::Kind;

std::vector<float> sounding(const std::vector<float>& reference, const ReferenceSound& sound,
                            const std::vector<float>& noise = {}) {
  return degrade<float>(reference, /*sample_rate=*/2, sound, noise);
}

TEST(ReferenceSound, LeavesWhatIsNotToChange) {
  EXPECT_FALSE(ReferenceSound().changes());
  EXPECT_EQ(sounding({1, 2, 3}, {}), (std::vector<float>{1, 2, 3}));
}

TEST(ReferenceSound, KeepsTheBeginning) {
  EXPECT_EQ(sounding({1, 2, 3}, {.seconds = 1}), (std::vector<float>{1, 2}));
  EXPECT_EQ(sounding({1, 2, 3}, {.seconds = 9}), (std::vector<float>{1, 2, 3}));
}

TEST(ReferenceSound, IsSilenceOfTheSameLength) {
  EXPECT_EQ(sounding({1, 2, 3}, {.kind = Kind::kSilence}), (std::vector<float>{0, 0, 0}));
  EXPECT_EQ(sounding({1, 2, 3}, {.kind = Kind::kSilence, .seconds = 0.5}), (std::vector<float>{0}));
}

TEST(ReferenceSound, IsNoiseOfTheSameMeanSquare) {
  // 25 is the mean square of the reference, 1 that of the noise.
  EXPECT_EQ(sounding({7, 1}, {.kind = Kind::kNoise}, {1, -1, 8}), (std::vector<float>{5, -5}));
}

TEST(ReferenceSound, HasNoiseByItsRatio) {
  const auto noisy = sounding({7, 1}, {.kind = Kind::kNoisy, .snr = 20}, {1, -1});
  EXPECT_FLOAT_EQ(noisy[0], 7.5F);
  EXPECT_FLOAT_EQ(noisy[1], 0.5F);
}

TEST(ReferenceSound, SurvivesNoiseAndReferencesWithoutPower) {
  EXPECT_EQ(sounding({0, 0}, {.kind = Kind::kNoisy, .snr = 0}, {1, -1}),
            (std::vector<float>{0, 0}));
  EXPECT_EQ(sounding({1, 2}, {.kind = Kind::kNoisy, .snr = 0}, {0, 0}), (std::vector<float>{1, 2}));
  EXPECT_TRUE(sounding({}, {.kind = Kind::kNoise}).empty());
}

TEST(ReferenceSound, DrawsTheSameNoiseAgain) {
  Random one(7), other(7);
  const auto noise = draw_noise(1000, one);
  EXPECT_EQ(noise, draw_noise(1000, other));
  double power = 0;
  for (const float sample : noise) power += sample * sample;
  EXPECT_NEAR(power / 1000, 1, 0.2);
}

}  // namespace
}  // namespace bonafide
