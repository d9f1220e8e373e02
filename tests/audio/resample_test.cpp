#include "audio/resample.h"

#include <gtest/gtest.h>

#include "audio/sound_files.h"
#include "base/error.h"

namespace bonafide {
namespace {

TEST(Resample, ReturnsTheWaveformItselfAtItsOwnRate) {
  const Waveform waveform{{0.1F, -0.2F}, 16000};

  EXPECT_EQ(resample(waveform, 16000).samples, waveform.samples);
}

TEST(Resample, KeepsATone) {
  const Waveform waveform{sine(1000, 48000, 48000), 48000};

  const Waveform resampled = resample(waveform, 16000);

  const std::vector<float> expected = sine(1000, 16000, 16000);
  ASSERT_EQ(resampled.samples.size(), expected.size());
  for (size_t i = 1000; i < 15000; ++i) ASSERT_NEAR(resampled.samples[i], expected[i], 1e-6) << i;
}

TEST(Resample, RemovesWhatTheLowerRateCannotHold) {
  const Waveform resampled = resample({sine(12000, 48000, 48000), 48000}, 16000);

  for (size_t i = 1000; i < 15000; ++i) ASSERT_NEAR(resampled.samples[i], 0, 1e-6) << i;
}

TEST(Resample, TakesAnEmptyWaveform) {
  const Waveform resampled = resample({{}, 8000}, 16000);

  EXPECT_TRUE(resampled.samples.empty());
  EXPECT_EQ(resampled.sample_rate, 16000);
}

TEST(Resample, RefusesARateThatIsNotPositive) {
  EXPECT_THROW(resample({{0.5F}, 16000}, 0), Error);
  EXPECT_THROW(resample({{0.5F}, -1}, 16000), Error);
}

}  // namespace
}  // namespace bonafide
