#include <cmath>
#include <limits>
#include <numbers>

#include "augment/world.h"
#include "augment/world_parts.h"

namespace bonafide {

namespace {

using namespace world;
using std::numbers::pi;

constexpr double kUnvoicedF0 = 500;  // Hz

// Smoothed along frequency in the cepstrum, and what that took off the peaks given back.
std::vector<double> recover(const FftDouble& fft, std::vector<double> power, double f0, double rate,
                            double q1) {
  const size_t size = fft.size();
  std::vector<std::complex<double>> cepstrum(size);
  for (size_t k = 0; k <= size / 2; ++k) cepstrum[k] = std::log(power[k]);
  for (size_t k = 1; k < size / 2; ++k) cepstrum[size - k] = cepstrum[k];
  fft.forward(cepstrum);
  std::vector<std::complex<double>> half(size / 2 + 1);
  for (size_t q = 0; q <= size / 2; ++q) {
    const double turn = pi * f0 * static_cast<double>(q) / rate;
    const double smoothing = q == 0 ? 1 : std::sin(turn) / turn;
    const double compensation = (1 - 2 * q1) + 2 * q1 * std::cos(2 * turn);
    half[q] = cepstrum[q].real() * smoothing * compensation / static_cast<double>(size);
  }
  const std::vector<double> smoothed = back_to_time(fft, half);
  for (size_t k = 0; k <= size / 2; ++k) power[k] = std::exp(smoothed[k]);
  return power;
}

}  // namespace

WorldFrames world_cheaptrick(std::span<const double> x, double rate, std::span<const double> f0,
                             const WorldOptions& options) {
  const size_t size = world_fft_size(rate, options);
  const FftDouble fft(size);
  const double lowest = 3 * rate / (static_cast<double>(size) - 3);
  Noise noise;
  WorldFrames frames{std::vector<double>(f0.size() * (size / 2 + 1)), size / 2 + 1};
  for (size_t t = 0; t < f0.size(); ++t) {
    const double pitch = f0[t] <= lowest ? kUnvoicedF0 : f0[t];
    const double time = static_cast<double>(t) * options.frame_period_ms / 1000;
    const Frame frame =
        cut_frame(x, rate, time, pitch, {Window::kHann, 3, /*unit_energy=*/true, kTiny}, noise);
    const auto spectrum = transform(fft, frame.samples);
    std::vector<double> power(size / 2 + 1);
    for (size_t k = 0; k < power.size(); ++k) power[k] = std::norm(spectrum[k]);
    correct_dc(power, pitch, rate, size);
    power = smooth(power, pitch * 2 / 3, rate, size);
    for (double& value : power) {
      value += std::abs(noise.normal()) * std::numeric_limits<double>::epsilon();
    }
    const auto envelope = recover(fft, std::move(power), pitch, rate, options.smoothing_q1);
    std::copy(envelope.begin(), envelope.end(), frames.row(t).begin());
  }
  return frames;
}

}  // namespace bonafide
