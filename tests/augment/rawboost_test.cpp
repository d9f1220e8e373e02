#include "augment/rawboost.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "augment/chain.h"
#include "augment/vowel.h"
#include "recipe/recipe.h"

namespace bonafide {
namespace {

double magnitude(const std::vector<double>& taps, double hertz) {
  std::complex<double> sum = 0;
  for (size_t i = 0; i < taps.size(); ++i) {
    sum +=
        taps[i] * std::polar(1.0, -2 * std::numbers::pi * hertz * static_cast<double>(i) / 16000);
  }
  return std::abs(sum);
}

TEST(NotchFilter, StopsItsBandAndPeaksAtTheGain) {
  const Notch notch{{{3000, 800, 99}}, -6};

  const auto taps = notch_filter(notch, 16000);

  EXPECT_EQ(taps.size(), 99U);
  EXPECT_LT(magnitude(taps, 3000), 0.02);
  double peak = 0;
  for (double f = 0; f < 8000; f += 15.625) peak = std::max(peak, magnitude(taps, f));
  EXPECT_NEAR(20 * std::log10(peak), -6, 1e-9);
}

TEST(NotchFilter, TakesBandsBeyondTheNyquistFrequency) {
  for (const double centre : {1.0, 3990.0, 4500.0, 8000.0}) {
    for (const double tap : notch_filter({{{centre, 100, 10}}, 0}, 8000)) {
      EXPECT_TRUE(std::isfinite(tap));
    }
  }
}

TEST(FilterCentred, IsOneSampleEarlierThanLinearPhase) {
  const std::vector<double> x = {0, 0, 0, 0, 5, 0, 0, 0};
  EXPECT_EQ(filter_centred(x, std::vector<double>{0, 1, 0}).size(), x.size());
  const auto y = filter_centred(x, std::vector<double>{0, 1, 0});
  for (size_t i = 0; i < y.size(); ++i) EXPECT_NEAR(y[i], i == 3 ? 5 : 0, 1e-12);
}

TEST(StationaryNoise, ReachesItsSignalToNoiseRatio) {
  Random random(1);
  std::vector<double> x(4000), noise(4000);
  for (double& value : x) value = 0.1 * random.normal();
  for (double& value : noise) value = random.normal();
  const auto filter = notch_filter({{{1000, 500, 51}}, 0}, 16000);

  const auto y = stationary_noise(x, noise, filter, 13);

  double signal = 0, added = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    signal += x[i] * x[i];
    added += (y[i] - x[i]) * (y[i] - x[i]);
  }
  EXPECT_NEAR(10 * std::log10(signal / added), 13, 1e-9);
}

TEST(ImpulsiveNoise, TouchesOnlyItsPositions) {
  const std::vector<double> x = {0.1, 0.2, 0.3, 0.4};
  const std::vector<Impulse> impulses = {{2, 1.0, 1.0}, {0, 0.5, 0.9}};
  const auto y = impulsive_noise(x, impulses, 2);
  EXPECT_EQ(y, (std::vector<double>{0.1, 0.2, 0.3 + 2 * 0.3, 0.4}));
}

TEST(RawBoost, HasEightAlgorithms) {
  const Waveform voice = make_vowel(0.5, 16000, 8);
  std::vector<std::vector<float>> results;
  for (int algorithm = 1; algorithm <= 8; ++algorithm) {
    const auto chain = make_chain(
        parse_yaml("[{name: rawboost, algorithm: " + std::to_string(algorithm) + "}]", "test"), "");
    Random random(3);
    results.push_back(chain->apply(voice, random).samples);
    ASSERT_EQ(results.back().size(), voice.samples.size());
    for (size_t other = 0; other + 1 < results.size(); ++other) {
      EXPECT_NE(results.back(), results[other]) << algorithm << " and " << other + 1;
    }
  }
}

}  // namespace
}  // namespace bonafide
