#include "features/log_power.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>
#include <numbers>

#include "base/error.h"
#include "base/json_value.h"

namespace bonafide {
namespace {

TEST(LogPower, PutsAToneIntoItsBin) {
  LogPowerOptions options;
  options.fft_length = options.window_length = 64;
  options.hop_length = 16;
  options.window = "hann-periodic";
  const auto n = torch::arange(640, torch::kFloat64);

  const auto map = log_power_spectrogram(torch::cos(n * (2 * std::numbers::pi * 8 / 64)), options);

  EXPECT_EQ(map.sizes(), (std::vector<int64_t>{33, 41}));
  EXPECT_EQ(map.select(1, 20).argmax().item<int64_t>(), 8);
  // Half the sum of the window, squared.
  EXPECT_NEAR(map[8][20].item<double>(), std::log(16.0 * 16.0 + 1e-6), 1e-9);
}

TEST(LogPower, ReflectsTheSignalAtItsEnds) {
  LogPowerOptions options;
  options.fft_length = options.window_length = 4;
  options.hop_length = 4;
  options.window = "hann-symmetric";  // 0, 3/4, 3/4, 0
  const auto map =
      log_power_spectrogram(torch::tensor({1.0, 2.0, 4.0, 8.0}, torch::kFloat64), options);

  // The first frame is 4 2 1 2: 0.75 * (2 + 1) at 0 Hz.
  EXPECT_NEAR(map[0][0].item<double>(), std::log(2.25 * 2.25 + 1e-6), 1e-12);
}

TEST(LogPower, OfSilenceIsTheFloor) {
  const auto map = log_power_spectrogram(torch::zeros({4000}), {});

  EXPECT_TRUE(torch::allclose(map, torch::full_like(map, std::log(1e-6))));
}

TEST(LogPower, RepeatsASignalTooShortToBeReflected) {
  const auto map = log_power_spectrogram(torch::ones({10}), {});

  EXPECT_EQ(map.sizes(), (std::vector<int64_t>{863, 1 + 863 / 130}));
}

TEST(LogPower, RefusesAWindowLongerThanItsTransform) {
  const Json json = {{"fft_length", 64}, {"window_length", 65}};
  LogPowerOptions options;

  EXPECT_THROW(options.read(OptionReader(json, "frontend", LogPowerOptions::keys())), UsageError);
}

}  // namespace
}  // namespace bonafide
