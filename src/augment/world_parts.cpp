#include "augment/world_parts.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace bonafide::world {

using Complex = std::complex<double>;
using std::numbers::pi;

int round_half_away(double x) {
  constexpr double kLimit = 1e9;
  return static_cast<int>(std::round(std::clamp(x, -kLimit, kLimit)));
}

uint32_t Noise::next() {
  const uint32_t t = x_ ^ (x_ << 11);
  x_ = y_;
  y_ = z_;
  z_ = w_;
  w_ = (w_ ^ (w_ >> 19)) ^ (t ^ (t >> 8));
  return w_;
}

double Noise::normal() {
  uint32_t sum = 0;
  for (int i = 0; i < 12; ++i) sum += next() >> 4;
  return sum / 268435456.0 - 6.0;
}

std::vector<double> interpolate(std::span<const double> x, std::span<const double> y,
                                std::span<const double> positions) {
  std::vector<double> values;
  values.reserve(positions.size());
  size_t k = 0;  // of the segment; positions mostly rise
  for (const double position : positions) {
    if (position < x[k]) k = 0;
    while (k + 2 < x.size() && position >= x[k + 1]) ++k;
    const double share = (position - x[k]) / (x[k + 1] - x[k]);
    values.push_back(y[k] + share * (y[k + 1] - y[k]));
  }
  return values;
}

double at_index(std::span<const double> y, double index) {
  const double held = std::clamp(index, 0.0, static_cast<double>(y.size() - 1));
  const auto k = static_cast<size_t>(held);
  if (k + 1 >= y.size()) return y.back();
  return y[k] + (held - static_cast<double>(k)) * (y[k + 1] - y[k]);
}

double nuttall(size_t i, size_t length) {
  const double turn = 2 * pi * static_cast<double>(i) / (static_cast<double>(length) - 1);
  return 0.355768 - 0.487396 * std::cos(turn) + 0.144232 * std::cos(2 * turn) -
         0.012604 * std::cos(3 * turn);
}

void correct_dc(std::vector<double>& power, double f0, double rate, size_t size) {
  const double position = f0 * static_cast<double>(size) / rate;  // of f0, in bins
  const size_t count = std::min(power.size(), 1 + static_cast<size_t>(position));
  std::vector<double> mirrored(count);
  for (size_t k = 0; k < count; ++k) {
    mirrored[k] = at_index(power, position - static_cast<double>(k));
  }
  for (size_t k = 0; k < count; ++k) power[k] += mirrored[k];
}

std::vector<double> smooth(std::span<const double> power, double width, double rate, size_t size) {
  const double bin = rate / static_cast<double>(size);
  const size_t half = size / 2;
  const size_t border = std::min(half, static_cast<size_t>(width / bin) + 1);
  std::vector<double> sums(half + 2 * border + 1);
  double sum = 0;
  for (size_t i = 0; i < sums.size(); ++i) {
    const size_t mirrored = i < border           ? border - i
                            : i <= half + border ? i - border
                                                 : half - (i - half - border);
    sum += power[mirrored] * bin;
    sums[i] = sum;
  }
  const double origin = -(static_cast<double>(border) - 0.5);  // of the sums, in bins
  std::vector<double> smoothed(half + 1);
  for (size_t k = 0; k <= half; ++k) {
    const double low = static_cast<double>(k) - width / 2 / bin - origin;
    smoothed[k] = (at_index(sums, low + width / bin) - at_index(sums, low)) / width;
  }
  return smoothed;
}

Frame cut_frame(std::span<const double> x, double rate, double time, double f0,
                const FrameShape& shape, Noise& noise) {
  Frame frame;
  frame.half = round_half_away(shape.periods * rate / f0 / 2);
  const int origin = round_half_away(time * rate + 0.001);
  std::vector<double> window;
  double energy = 0;
  for (int n = -frame.half; n <= frame.half; ++n) {
    const double angle = pi * (2.0 * n / shape.periods) / rate * f0;
    const double value = shape.window == Window::kHann
                             ? 0.5 + 0.5 * std::cos(angle)
                             : 0.42 + 0.5 * std::cos(angle) + 0.08 * std::cos(2 * angle);
    window.push_back(value);
    energy += value * value;
  }
  if (shape.unit_energy) {
    for (double& value : window) value /= std::sqrt(energy);
  }
  double weighted = 0, weights = 0;
  for (int n = -frame.half; n <= frame.half; ++n) {
    const int at = std::clamp(origin + n, 0, static_cast<int>(x.size()) - 1);
    const double weight = window[static_cast<size_t>(n + frame.half)];
    frame.samples.push_back(x[static_cast<size_t>(at)] * weight + noise.normal() * shape.dither);
    weighted += frame.samples.back();
    weights += weight;
  }
  const double mean = weighted / weights;
  for (size_t i = 0; i < window.size(); ++i) frame.samples[i] -= window[i] * mean;
  return frame;
}

std::vector<Complex> transform(const FftDouble& fft, std::span<const double> samples) {
  std::vector<Complex> spectrum(fft.size());
  std::copy_n(samples.begin(), std::min(samples.size(), spectrum.size()), spectrum.begin());
  fft.forward(spectrum);
  return spectrum;
}

std::vector<double> back_to_time(const FftDouble& fft, std::span<const Complex> half_spectrum) {
  const size_t size = fft.size();
  std::vector<Complex> spectrum(size);
  spectrum[0] = half_spectrum[0].real();
  spectrum[size / 2] = half_spectrum[size / 2].real();
  for (size_t k = 1; k < size / 2; ++k) {
    // The forward transform of the conjugate is the conjugate of the inverse.
    spectrum[k] = std::conj(half_spectrum[k]);
    spectrum[size - k] = half_spectrum[k];
  }
  fft.forward(spectrum);
  std::vector<double> samples(size);
  for (size_t i = 0; i < size; ++i) samples[i] = spectrum[i].real();
  return samples;
}

std::vector<Complex> minimum_phase(const FftDouble& fft, std::span<const double> log_magnitude) {
  const size_t size = fft.size();
  std::vector<Complex> cepstrum(size);
  for (size_t k = 0; k <= size / 2; ++k) cepstrum[k] = log_magnitude[k];
  for (size_t k = 1; k < size / 2; ++k) cepstrum[size - k] = log_magnitude[k];
  fft.forward(cepstrum);  // real and even: as good as the inverse
  const auto scale = static_cast<double>(size);
  for (size_t n = 0; n < size; ++n) {
    const double fold = n == 0 || n == size / 2 ? 1 : n < size / 2 ? 2 : 0;
    cepstrum[n] = cepstrum[n].real() * fold / scale;
  }
  fft.forward(cepstrum);
  std::vector<Complex> spectrum(size / 2 + 1);
  for (size_t k = 0; k <= size / 2; ++k) {
    spectrum[k] = std::polar(std::exp(cepstrum[k].real()), cepstrum[k].imag());
  }
  return spectrum;
}

}  // namespace bonafide::world
