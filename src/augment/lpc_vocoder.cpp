#include "augment/lpc_vocoder.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "augment/world.h"
#include "base/random.h"

namespace bonafide {

namespace {

constexpr double kFrame = 0.005;   // s
constexpr double kWindow = 0.025;  // s

std::vector<double> autocorrelate(std::span<const double> x, size_t middle, size_t width,
                                  int order) {
  std::vector<double> frame(width);
  for (size_t i = 0; i < width; ++i) {
    const size_t at = middle + i;  // less half the width
    if (at < width / 2 || at - width / 2 >= x.size()) continue;
    const double turn =
        2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(width - 1);
    frame[i] = x[at - width / 2] * (0.54 - 0.46 * std::cos(turn));
  }
  std::vector<double> lags;
  for (size_t lag = 0; lag <= static_cast<size_t>(order); ++lag) {
    double sum = 0;
    for (size_t i = lag; i < width; ++i) sum += frame[i] * frame[i - lag];
    lags.push_back(sum);
  }
  // A white floor 60 dB below keeps the predictor tame in silence and in narrow bands.
  lags[0] = lags[0] * (1 + 1e-6) + 1e-12;
  return lags;
}

// Pulses of unit mean power at the pitch, or white noise of unit power.
class Excitation {
 public:
  Excitation(double rate, uint64_t seed) : rate_(rate), random_(seed) {}

  double next(double f0) {
    if (f0 <= 0) {
      phase_ = 0;
      return random_.normal();
    }
    phase_ += f0 / rate_;
    if (phase_ < 1) return 0;
    phase_ -= std::floor(phase_);
    return std::sqrt(rate_ / f0);
  }

 private:
  double rate_;
  Random random_;
  double phase_ = 0;
};

}  // namespace

Predictor levinson_durbin(std::span<const double> autocorrelation) {
  const size_t order = autocorrelation.size() - 1;
  Predictor predictor{std::vector<double>(order), autocorrelation[0]};
  std::vector<double>& a = predictor.coefficients;
  for (size_t m = 0; m < order && predictor.residual > 0; ++m) {
    double sum = autocorrelation[m + 1];
    for (size_t k = 0; k < m; ++k) sum -= a[k] * autocorrelation[m - k];
    const double reflection = sum / predictor.residual;
    std::vector<double> before(a.begin(), a.begin() + static_cast<ptrdiff_t>(m));
    a[m] = reflection;
    for (size_t k = 0; k < m; ++k) a[k] = before[k] - reflection * before[m - 1 - k];
    predictor.residual *= 1 - reflection * reflection;
  }
  return predictor;
}

std::vector<double> lpc_vocode(std::span<const double> x, double rate, int order, uint64_t seed) {
  WorldOptions options;
  options.frame_period_ms = 1000 * kFrame;
  const std::vector<double> pitch = world_dio(x, rate, options);
  const auto hop = std::max<size_t>(1, static_cast<size_t>(kFrame * rate));
  const auto width = std::max<size_t>(2, static_cast<size_t>(kWindow * rate));
  double window_energy = 0;
  for (size_t i = 0; i < width; ++i) {
    const double turn =
        2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(width - 1);
    window_energy += std::pow(0.54 - 0.46 * std::cos(turn), 2);
  }
  Excitation excitation(rate, seed);
  std::vector<double> y(x.size());
  for (size_t start = 0; start < x.size(); start += hop) {
    const Predictor predictor = levinson_durbin(autocorrelate(x, start + hop / 2, width, order));
    const double gain = std::sqrt(std::max(0.0, predictor.residual) / window_energy);
    const double f0 = pitch[std::min(pitch.size() - 1, start / hop)];
    for (size_t i = start; i < std::min(x.size(), start + hop); ++i) {
      double value = gain * excitation.next(f0);
      for (size_t k = 0; k < predictor.coefficients.size() && k < i; ++k) {
        value += predictor.coefficients[k] * y[i - 1 - k];
      }
      y[i] = value;
    }
  }
  return y;
}

}  // namespace bonafide
