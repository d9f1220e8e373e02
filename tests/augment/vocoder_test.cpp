#include "augment/vocoder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "augment/levels.h"
#include "augment/lpc_vocoder.h"
#include "augment/vowel.h"
#include "augment/world.h"
#include "base/error.h"

namespace bonafide {
namespace {

// A pulse train through a resonance: a voice of one pitch.
std::vector<double> buzz(double f0, double rate, size_t samples) {
  std::vector<double> x(samples);
  double phase = 0;
  for (size_t i = 0; i < samples; ++i) {
    phase += f0 / rate;
    double value = 0;
    if (phase >= 1) {
      phase -= 1;
      value = 0.5;
    }
    if (i >= 2) value += 1.6 * x[i - 1] - 0.8 * x[i - 2];
    x[i] = value;
  }
  return x;
}

TEST(WorldPitch, IsThatOfABuzz) {
  for (const double pitch : {90.0, 150.0, 310.0}) {
    const auto x = buzz(pitch, 16000, 16000);
    const auto f0 = world_stonemask(x, 16000, world_dio(x, 16000, {}), {});
    auto middle = std::vector<double>(f0.begin() + 50, f0.begin() + 150);
    std::sort(middle.begin(), middle.end());
    EXPECT_NEAR(middle[50], pitch, 0.01 * pitch);
  }
}

TEST(WorldPitch, NoiseAndSilenceHaveNone) {
  Random random(5);
  std::vector<double> noise(16000);
  for (double& value : noise) value = random.normal();
  const auto f0 = world_dio(noise, 16000, {});
  EXPECT_LT(std::count_if(f0.begin(), f0.end(), [](double f) { return f > 0; }), 40);
  const auto silent = world_dio(std::vector<double>(16000), 16000, {});
  EXPECT_EQ(std::count(silent.begin(), silent.end(), 0.0), static_cast<long>(silent.size()));
}

TEST(LevinsonDurbin, FindsThePredictorOfAnAutoregression) {
  // x[n] = 1.2 x[n-1] - 0.5 x[n-2] + e: the Yule-Walker equations by hand.
  const double r1 = 1.2 / 1.5, r2 = 1.2 * r1 - 0.5;
  const Predictor predictor = levinson_durbin(std::vector<double>{1, r1, r2});
  EXPECT_NEAR(predictor.coefficients[0], 1.2, 1e-12);
  EXPECT_NEAR(predictor.coefficients[1], -0.5, 1e-12);
  EXPECT_NEAR(predictor.residual, 1 - 1.2 * r1 + 0.5 * r2, 1e-12);
}

class EveryVocoder : public testing::TestWithParam<size_t> {
 protected:
  const Vocoder& vocoder() const { return vocoders()[GetParam()]; }
};

TEST_P(EveryVocoder, KeepsLengthRateAndLevelButNotTheWaveform) {
  for (const int rate : {8000, 16000, 44100}) {
    const Waveform original = make_vowel(0.8, rate, 2);
    const Waveform copy = copy_synthesis(original, vocoder(), 1);
    ASSERT_EQ(copy.samples.size(), original.samples.size());
    EXPECT_EQ(copy.sample_rate, rate);
    EXPECT_NEAR(power_of(copy.samples) / power_of(original.samples), 1, 1e-4);
    EXPECT_NE(copy.samples, original.samples);
  }
}

TEST_P(EveryVocoder, IsTheSameForTheSameSeed) {
  const Waveform original = make_vowel(0.3, 16000, 3);
  EXPECT_EQ(copy_synthesis(original, vocoder(), 7).samples,
            copy_synthesis(original, vocoder(), 7).samples);
}

TEST_P(EveryVocoder, TakesTinySilentAndBrokenSignals) {
  EXPECT_TRUE(copy_synthesis({{}, 16000}, vocoder(), 1).samples.empty());
  for (const size_t length : {1, 2, 100, 1000}) {
    EXPECT_EQ(
        copy_synthesis({std::vector<float>(length, 0.1f), 16000}, vocoder(), 1).samples.size(),
        length);
  }
  for (const float sample :
       copy_synthesis({std::vector<float>(8000), 16000}, vocoder(), 1).samples) {
    ASSERT_TRUE(std::isfinite(sample));
  }
  Waveform broken = make_vowel(0.3, 16000, 1);
  broken.samples[1000] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(copy_synthesis(broken, vocoder(), 1).samples.size(), broken.samples.size());
}

TEST_P(EveryVocoder, RefusesWhatIsTooLong) {
  EXPECT_THROW(copy_synthesis({std::vector<float>(301 * 8000), 8000}, vocoder(), 1), Error);
}

INSTANTIATE_TEST_SUITE_P(All, EveryVocoder, testing::Range<size_t>(0, vocoders().size()),
                         [](const auto& test) {
                           std::string name(vocoders()[test.param].name);
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace bonafide
