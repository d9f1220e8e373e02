#include "audio/fft.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "base/error.h"
#include "base/random.h"

namespace bonafide {
namespace {

std::vector<std::complex<float>> noise(size_t size) {
  Random random(7);
  std::vector<std::complex<float>> x(size);
  for (auto& value : x) {
    value = {static_cast<float>(random.normal()), static_cast<float>(random.normal())};
  }
  return x;
}

TEST(Fft, AgreesWithTheDefinition) {
  constexpr size_t kSize = 32;
  const auto x = noise(kSize);
  auto transformed = x;

  Fft(kSize).forward(transformed);

  for (size_t k = 0; k < kSize; ++k) {
    std::complex<double> sum = 0;
    for (size_t n = 0; n < kSize; ++n) {
      const double angle = -2 * std::numbers::pi * static_cast<double>(k * n) / kSize;
      sum += std::complex<double>(x[n]) * std::polar(1.0, angle);
    }
    EXPECT_NEAR(std::abs(std::complex<double>(transformed[k]) - sum), 0, 1e-5) << "bin " << k;
  }
}

TEST(Fft, ComesBack) {
  const auto x = noise(512);
  const Fft fft(512);
  auto there_and_back = x;

  fft.forward(there_and_back);
  fft.inverse(there_and_back);

  for (size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(std::abs(there_and_back[i] - x[i]), 0, 1e-5);
}

TEST(Fft, RefusesOtherLengths) {
  EXPECT_THROW(Fft(0), Error);
  EXPECT_THROW(Fft(1), Error);
  EXPECT_THROW(Fft(48), Error);
}

}  // namespace
}  // namespace bonafide
