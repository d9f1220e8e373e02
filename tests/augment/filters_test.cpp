#include "augment/filters.h"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>

namespace bonafide {
namespace {

double decibels(const std::vector<Section>& sections, double hertz, double rate = 16000) {
  const std::complex<double> z = std::polar(1.0, -2 * std::numbers::pi * hertz / rate);
  std::complex<double> product = 1;
  for (const Section& s : sections) {
    product *= (s.b0 + s.b1 * z + s.b2 * z * z) / (1.0 + s.a1 * z + s.a2 * z * z);
  }
  return 20 * std::log10(std::abs(product));
}

TEST(Butterworth, IsThreeDecibelsDownAtItsEdgesAndFlatInside) {
  for (int order = 1; order <= 8; ++order) {
    const auto low = butterworth(Band::kLowPass, order, 1000, 0, 16000);
    EXPECT_NEAR(decibels(low, 1000), -3.0103, 1e-3);
    EXPECT_NEAR(decibels(low, 10), 0, 1e-3);
    const auto high = butterworth(Band::kHighPass, order, 1000, 0, 16000);
    EXPECT_NEAR(decibels(high, 1000), -3.0103, 1e-3);
    EXPECT_NEAR(decibels(high, 7990), 0, 1e-3);
    const auto pass = butterworth(Band::kBandPass, order, 500, 2000, 16000);
    EXPECT_NEAR(decibels(pass, 500), -3.0103, 1e-3);
    EXPECT_NEAR(decibels(pass, 2000), -3.0103, 1e-3);
    const auto stop = butterworth(Band::kBandStop, order, 500, 2000, 16000);
    EXPECT_NEAR(decibels(stop, 500), -3.0103, 1e-3);
    EXPECT_NEAR(decibels(stop, 2000), -3.0103, 1e-3);
    EXPECT_NEAR(decibels(stop, 1), 0, 1e-2);
  }
}

TEST(Butterworth, FallsBySixDecibelsForEachOrderAndOctave) {
  const auto high = butterworth(Band::kHighPass, 3, 2000, 0, 16000);
  EXPECT_NEAR(decibels(high, 100) - decibels(high, 50), 18.06, 0.1);
}

TEST(Butterworth, TakesEdgesBeyondTheNyquistFrequency) {
  for (const Band band : {Band::kLowPass, Band::kHighPass, Band::kBandPass, Band::kBandStop}) {
    const auto sections = butterworth(band, 4, 5000, 9000, 8000);
    for (const float value : filter_sections(std::vector<float>(1000, 0.5f), sections)) {
      EXPECT_TRUE(std::isfinite(value));
    }
  }
}

TEST(Equaliser, HasItsGainWhereItShould) {
  EXPECT_NEAR(decibels({equaliser(Shape::kPeaking, 1000, 9, 2, 16000)}, 1000), 9, 1e-6);
  EXPECT_NEAR(decibels({equaliser(Shape::kPeaking, 1000, 9, 2, 16000)}, 10), 0, 0.01);
  EXPECT_NEAR(decibels({equaliser(Shape::kLowShelf, 500, -12, 0.7, 16000)}, 1), -12, 0.01);
  EXPECT_NEAR(decibels({equaliser(Shape::kLowShelf, 500, -12, 0.7, 16000)}, 7990), 0, 0.01);
  EXPECT_NEAR(decibels({equaliser(Shape::kHighShelf, 2000, 6, 0.7, 16000)}, 7999), 6, 0.01);
  EXPECT_NEAR(decibels({equaliser(Shape::kHighShelf, 2000, 6, 0.7, 16000)}, 1), 0, 0.01);
}

TEST(FilterSections, BeginInTheSteadyState) {
  const auto low = butterworth(Band::kLowPass, 4, 300, 0, 16000);
  for (const float value : filter_sections(std::vector<float>(200, 0.7f), low)) {
    EXPECT_NEAR(value, 0.7f, 1e-6f);
  }
}

}  // namespace
}  // namespace bonafide
