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

double sinc(double x) { return x == 0.0 ? 1.0 : std::sin(pi * x) / (pi * x); }

// Impulse response of the ideal low-pass at `cutoff`, both in units of the sample rate.
double low_pass(double cutoff, double n) { return 2.0 * cutoff * sinc(2.0 * cutoff * n); }

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
    const double low = bank.edges[static_cast<size_t>(i)] / sample_rate;
    const double high = bank.edges[static_cast<size_t>(i) + 1] / sample_rate;
    for (int64_t k = 0; k < taps; ++k) {
      const double n = static_cast<double>(k) - last / 2.0;
      const double hamming = 0.54 - 0.46 * std::cos(2.0 * pi * static_cast<double>(k) / last);
      values[i][k] = hamming * (low_pass(high, n) - low_pass(low, n));
    }
  }
  return bank;
}

}  // namespace bonafide
