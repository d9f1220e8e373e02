#include <algorithm>
#include <cmath>
#include <numbers>

#include "augment/world.h"
#include "augment/world_parts.h"

namespace bonafide {

namespace {

using namespace world;
using std::numbers::pi;

// Power and the phase's derivative of one frame, by bin.
struct Spectrum {
  std::vector<double> power, slope;
  size_t size;
};

Spectrum analyse(std::span<const double> x, double rate, double time, double f0) {
  const int half = static_cast<int>(1.5 * rate / f0 + 1);
  const int length = 2 * half + 1;
  const double seconds = length / rate;
  std::vector<double> samples, window;
  for (int n = -half; n <= half; ++n) {
    const int index = round_half_away((time + n / rate) * rate);
    const double t = (index - 1) / rate - time;
    window.push_back(0.42 + 0.5 * std::cos(2 * pi * t / seconds) +
                     0.08 * std::cos(4 * pi * t / seconds));
    const int at = std::clamp(index - 1, 0, static_cast<int>(x.size()) - 1);
    samples.push_back(x[static_cast<size_t>(at)]);
  }
  const size_t points = window.size();
  std::vector<double> windowed(points), differentiated(points);
  for (size_t i = 0; i < points; ++i) {
    const double next = i + 1 < points ? window[i + 1] : 0;
    const double previous = i > 0 ? window[i - 1] : 0;
    windowed[i] = samples[i] * window[i];
    differentiated[i] = samples[i] * -(next - previous) / 2;
  }
  const FftDouble fft(size_t{4} << static_cast<int>(std::log2(length)));
  const auto m = transform(fft, windowed);
  const auto d = transform(fft, differentiated);
  Spectrum spectrum{{}, {}, fft.size()};
  for (size_t k = 0; k <= fft.size() / 2; ++k) {
    spectrum.power.push_back(std::norm(m[k]));
    spectrum.slope.push_back(m[k].real() * d[k].imag() - m[k].imag() * d[k].real());
  }
  return spectrum;
}

// The instantaneous frequencies of so many harmonics of f0, weighted by their amplitudes.
double fit(const Spectrum& spectrum, double rate, double f0, int harmonics) {
  const auto size = static_cast<double>(spectrum.size);
  double frequencies = 0, weights = 0;
  for (int h = 1; h <= harmonics; ++h) {
    const auto bin = static_cast<size_t>(round_half_away(f0 * size / rate * h));
    if (bin >= spectrum.power.size()) break;
    const double power = spectrum.power[bin];
    const double amplitude = std::sqrt(power);
    const double frequency = power == 0 ? 0
                                        : static_cast<double>(bin) * rate / size +
                                              spectrum.slope[bin] / power * rate / 2 / pi;
    frequencies += amplitude * frequency;
    weights += amplitude * h;
  }
  return frequencies / (weights + kTiny);
}

double refine(std::span<const double> x, double rate, double time, double f0) {
  constexpr double kLowest = 40;  // Hz
  if (f0 <= kLowest || f0 > rate / 12) return 0;
  const Spectrum spectrum = analyse(x, rate, time, f0);
  const double rough = fit(spectrum, rate, f0, 2);
  if (!(rough > 0) || rough > 2 * f0) return f0;
  const double fine = fit(spectrum, rate, rough, 6);
  return std::abs(fine - f0) > 0.2 * f0 ? f0 : fine;
}

}  // namespace

std::vector<double> world_stonemask(std::span<const double> x, double rate,
                                    std::span<const double> f0, const WorldOptions& options) {
  std::vector<double> refined;
  for (size_t t = 0; t < f0.size(); ++t) {
    const double time = static_cast<double>(t) * options.frame_period_ms / 1000;
    refined.push_back(refine(x, rate, time, f0[t]));
  }
  return refined;
}

}  // namespace bonafide
