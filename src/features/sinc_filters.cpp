#include "features/sinc_filters.h"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "base/error.h"

namespace bonafide {

namespace {

using std::numbers::pi;

double mel_from_hertz(double hertz) { return 2595.0 * std::log10(1.0 + hertz / 700.0); }
double hertz_from_mel(double mel) { return 700.0 * (std::pow(10.0, mel / 2595.0) - 1.0); }

// The references evaluate sinc and the products with it in single precision, and published weights
// belong to that bank: an exact one differs by 2e-6 and moves some scores by more than 1e-4.
float sinc(float x) {
  const float y = static_cast<float>(pi) * (x == 0.0F ? 1e-20F : x);
  return std::sin(y) / y;
}

// Impulse response at sample n of the ideal low-pass at `cutoff` Hz.
float low_pass(double cutoff, float n, double sample_rate) {
  const float x = static_cast<float>(2.0 * cutoff) * n / static_cast<float>(sample_rate);
  return static_cast<float>(2.0 * cutoff / sample_rate) * sinc(x);
}

}  // namespace

SincFilters make_sinc_filters(int64_t filters, int64_t taps, double sample_rate) {
  if (filters < 1 || taps < 3 || taps % 2 == 0 || !(sample_rate > 0)) {
    throw Error(
        fmt::format("a sinc filter bank of {} filters with {} taps at {} Hz: wants at least "
                    "one filter and an odd number of taps, 3 or more",
                    filters, taps, sample_rate));
  }
  SincFilters bank;
  const double top = mel_from_hertz(sample_rate / 2.0);
  for (int64_t i = 0; i <= filters; ++i) {
    bank.edges.push_back(
        hertz_from_mel(top * static_cast<double>(i) / static_cast<double>(filters)));
  }

  bank.band_pass = torch::empty({filters, taps}, torch::kFloat64);
  auto values = bank.band_pass.accessor<double, 2>();
  const double last = static_cast<double>(taps - 1);
  for (int64_t i = 0; i < filters; ++i) {
    const double low = bank.edges[static_cast<size_t>(i)];
    const double high = bank.edges[static_cast<size_t>(i) + 1];
    for (int64_t k = 0; k < taps; ++k) {
      const auto n = static_cast<float>(static_cast<double>(k) - last / 2.0);
      const auto hamming =
          static_cast<float>(0.54 - 0.46 * std::cos(2.0 * pi * static_cast<double>(k) / last));
      values[i][k] = hamming * (low_pass(high, n, sample_rate) - low_pass(low, n, sample_rate));
    }
  }
  return bank;
}

}  // namespace bonafide
