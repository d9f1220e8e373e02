#include "minicorpus/chain.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "augment/vowel.h"

namespace bonafide {
namespace {

Waveform tone(double hz, double seconds = 1, double offset = 0) {
  Waveform waveform{{}, 16000};
  for (int i = 0; i < static_cast<int>(16000 * seconds); ++i) {
    waveform.samples.push_back(
        static_cast<float>(offset + 0.5 * std::sin(2 * std::numbers::pi * hz * i / 16000)));
  }
  return waveform;
}

// Of the middle half, where the filters have settled.
double decibels(const std::vector<float>& samples) {
  double sum = 0;
  for (size_t i = samples.size() / 4; i < samples.size() * 3 / 4; ++i) {
    sum += static_cast<double>(samples[i]) * samples[i];
  }
  return 10 * std::log10(2 * sum / static_cast<double>(samples.size()) + 1e-20);
}

double gain_at(double hz, Channel channel) {
  const Waveform in = tone(hz);
  return decibels(limit_band(in, channel).samples) - decibels(in.samples);
}

TEST(LimitBand, PassesSpeechAndStopsTheRest) {
  for (const double hz : {130.0, 1000.0, 3000.0}) {
    EXPECT_NEAR(gain_at(hz, Channel::kWideband), 0, 0.2) << hz;
    EXPECT_NEAR(gain_at(hz, Channel::kTelephone), 0, 0.2) << hz;
  }
  EXPECT_NEAR(gain_at(6400, Channel::kWideband), 0, 0.2);
  EXPECT_LT(gain_at(60, Channel::kWideband), -50);
  EXPECT_LT(gain_at(7300, Channel::kWideband), -60);
  EXPECT_LT(gain_at(4000, Channel::kTelephone), -60);
}

TEST(LimitBand, TakesTheDirectCurrentAway) {
  const auto samples = limit_band(tone(500, 1, 0.2), Channel::kWideband).samples;

  double mean = 0;
  for (size_t i = 4000; i < 12000; ++i) mean += samples[i] / 8000;
  EXPECT_NEAR(mean, 0, 1e-4);
}

TEST(LimitBand, BringsTelephoneSpeechToSixteenKilohertz) {
  const Waveform narrow = make_vowel(0.5, 8000, 1);

  const Waveform wide = limit_band(narrow, Channel::kTelephone);

  EXPECT_EQ(wide.sample_rate, 16000);
  EXPECT_EQ(wide.samples.size(), 2 * narrow.samples.size());
}

TEST(ThroughCodec, KeepsRateAndLengthAndChangesTheSound) {
  for (const Channel channel : {Channel::kWideband, Channel::kTelephone}) {
    const Waveform in = make_vowel(0.5, coding_rate(channel), 1);
    const Waveform out = through_codec(in, channel);
    EXPECT_EQ(out.sample_rate, in.sample_rate);
    EXPECT_EQ(out.samples.size(), in.samples.size());
    EXPECT_NE(out.samples, in.samples);
  }
}

TEST(TrimSilence, LeavesFiftyMillisecondsOnBothSides) {
  std::vector<float> samples(16000, 0.0f);
  std::fill(samples.begin() + 4800, samples.begin() + 8000, 0.5f);

  const auto trimmed = trim_silence(samples, 16000);

  ASSERT_EQ(trimmed.size(), 3200u + 2 * 800);
  EXPECT_EQ(trimmed[799], 0);
  EXPECT_EQ(trimmed[800], 0.5f);
  EXPECT_EQ(trimmed[3999], 0.5f);
  EXPECT_EQ(trimmed[4000], 0);
}

TEST(TrimSilence, FillsUpWhereTheVoiceBeginsAtOnce) {
  const std::vector<float> samples(1600, 0.5f);

  const auto trimmed = trim_silence(samples, 16000);

  ASSERT_EQ(trimmed.size(), 1600u + 2 * 800);
  EXPECT_EQ(trimmed[799], 0);
  EXPECT_EQ(trimmed[800], 0.5f);
}

TEST(TrimSilence, LeavesNothingOfSilence) {
  EXPECT_TRUE(trim_silence(std::vector<float>(16000), 16000).empty());
  EXPECT_TRUE(trim_silence({}, 16000).empty());
  EXPECT_TRUE(trim_silence(std::vector<float>(20, 1.0f), 16000).empty());
}

TEST(DrawSeconds, StaysBetweenThreeAndFive) {
  Random random(1);
  for (int i = 0; i < 1000; ++i) {
    const double seconds = draw_seconds(random);
    EXPECT_GE(seconds, 3);
    EXPECT_LT(seconds, 5);
  }
}

class SetLevel : public testing::TestWithParam<float> {};

TEST_P(SetLevel, GivesAnyInputTheSameKindOfLevel) {
  std::vector<float> samples = make_vowel(1, 16000, 5).samples;
  for (float& value : samples) value = GetParam() * value + 0.1f;
  Random random(9);

  const auto out = set_level(samples, random);

  ASSERT_EQ(out.size(), samples.size());
  double mean = 0, energy = 0;
  for (const int16_t value : out) {
    mean += value / 32768.0 / static_cast<double>(out.size());
    energy += std::pow(value / 32768.0, 2) / static_cast<double>(out.size());
  }
  const double level = 10 * std::log10(energy);
  EXPECT_GT(level, -30.2);
  EXPECT_LT(level, -21.8);
  EXPECT_NEAR(mean, 0, 2e-5);
}

INSTANTIATE_TEST_SUITE_P(FromQuietToLoud, SetLevel, testing::Values(0.001f, 0.1f, 1.0f, 10.0f));

TEST(SetLevelOfPauses, LeavesNoStretchOfExactZeros) {
  std::vector<float> samples = make_vowel(1, 16000, 5).samples;
  std::fill(samples.begin() + 4000, samples.begin() + 12000, 0.0f);
  Random random(2);

  const auto out = set_level(samples, random);

  EXPECT_LT(std::count(out.begin(), out.end(), 0), static_cast<ptrdiff_t>(out.size() / 12));
}

TEST(SetLevelOfPeaks, NeverClips) {
  std::vector<float> samples(16000);
  for (size_t i = 0; i < samples.size(); i += 4000) samples[i] = 1;
  Random random(3);

  const auto out = set_level(samples, random);

  EXPECT_LT(*std::max_element(out.begin(), out.end()), 32700);
}

}  // namespace
}  // namespace bonafide
