#include "augment/noise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>

#include "audio/fft.h"
#include "augment/levels.h"
#include "augment/vowel.h"

namespace bonafide {
namespace {

// Mean power between two frequencies, from frames of 1024 samples.
double band_power(const std::vector<float>& x, double low, double high) {
  constexpr size_t kSize = 1024;
  const FftDouble fft(kSize);
  double sum = 0;
  size_t count = 0;
  for (size_t start = 0; start + kSize <= x.size(); start += kSize) {
    std::vector<std::complex<double>> frame(x.begin() + static_cast<long>(start),
                                            x.begin() + static_cast<long>(start + kSize));
    fft.forward(frame);
    for (size_t k = 1; k < kSize / 2; ++k) {
      const double f = static_cast<double>(k) * 16000 / kSize;
      if (f < low || f >= high) continue;
      sum += std::norm(frame[k]);
      ++count;
    }
  }
  return sum / static_cast<double>(count);
}

TEST(ColourNoise, FallsWithFrequencyAsItsDecaySays) {
  for (const double decay : {-2.0, -1.0, 0.0, 1.0, 2.0}) {
    // The random phases ripple the response of one filter; over many it is the rule.
    double low = 0, high = 0;
    for (uint64_t seed = 0; seed < 30; ++seed) {
      Random random(seed);
      const auto noise = colour_noise(16384, 16000, decay, 128, random);
      EXPECT_NEAR(power_of(noise), 1, 1e-3);
      low += band_power(noise, 900, 1100);
      high += band_power(noise, 3600, 4400);
    }
    // Two octaves: 6.02 dB for each unit of decay.
    EXPECT_NEAR(10 * std::log10(low / high), 6.02 * decay, 1.5) << "decay " << decay;
  }
}

TEST(AddAtSnr, ReachesTheRatio) {
  const auto voice = make_vowel(1, 16000, 1).samples;
  Random random(2);
  std::vector<float> noise;
  for (size_t i = 0; i < voice.size(); ++i) noise.push_back(static_cast<float>(random.normal()));

  const auto sum = add_at_snr(voice, noise, 12.5);

  std::vector<float> added;
  for (size_t i = 0; i < voice.size(); ++i) added.push_back(sum[i] - voice[i]);
  EXPECT_NEAR(10 * std::log10(power_of(voice) / power_of(added)), 12.5, 0.01);
}

TEST(AddAtSnr, LeavesSilenceSilent) {
  const std::vector<float> silence(100), noise(100, 1.0f);
  EXPECT_EQ(add_at_snr(silence, noise, 10), silence);
  EXPECT_EQ(add_at_snr(noise, silence, 10), noise);
}

}  // namespace
}  // namespace bonafide
