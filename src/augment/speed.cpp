#include "augment/speed.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "audio/crop.h"
#include "augment/parameters.h"
#include "base/error.h"

namespace bonafide {

SpeedResampler::SpeedResampler(int64_t from, int64_t to, int zeros, double rolloff) {
  if (from <= 0 || to <= 0 || zeros < 1 || !(rolloff > 0)) {
    throw Error(
        fmt::format("cannot resample from {} Hz to {} Hz; both must be positive", from, to));
  }
  const int64_t divisor = std::gcd(from, to);
  from_ = from / divisor;
  to_ = to / divisor;
  step_ = from_;
  const auto rate = static_cast<double>(from);
  const double cutoff = rolloff * 0.5 * static_cast<double>(std::min(from, to));
  const double half = zeros / (2 * cutoff);  // seconds of the window on each side
  constexpr double kMostTaps = 1e7;
  const double expected = static_cast<double>(to_) * (2 * half * rate + 1);
  if (!(expected <= kMostTaps)) {
    throw Error(fmt::format("speed: {} to {} Hz needs {:.0f} filter taps; the limit is {:.0f}",
                            from, to, expected, kMostTaps));
  }
  for (int64_t phase = 0; phase < to_; ++phase) {
    const double t = static_cast<double>(phase) / static_cast<double>(to);
    const auto first = static_cast<int64_t>(std::ceil((t - half) * rate));
    const auto last = static_cast<int64_t>(std::floor((t + half) * rate));
    first_.push_back(first);
    taps_ = std::max(taps_, static_cast<size_t>(last - first + 1));
  }
  weights_.resize(first_.size() * taps_);
  for (size_t phase = 0; phase < first_.size(); ++phase) {
    const double time = static_cast<double>(phase) / static_cast<double>(to);
    for (size_t j = 0; j < taps_; ++j) {
      const double t = static_cast<double>(first_[phase] + static_cast<int64_t>(j)) / rate - time;
      if (std::abs(t) >= half) continue;
      const double window = 0.5 * (1 + std::cos(2 * std::numbers::pi * cutoff / zeros * t));
      const double sinc =
          t == 0 ? 2 * cutoff
                 : std::sin(2 * std::numbers::pi * cutoff * t) / (std::numbers::pi * t);
      weights_[phase * taps_ + j] = window * sinc / rate;
    }
  }
}

size_t SpeedResampler::output_size(size_t input) const {
  const auto from = static_cast<size_t>(from_), to = static_cast<size_t>(to_);
  return input / from * to + (input % from * to + from - 1) / from;
}

template <typename T>
std::vector<T> SpeedResampler::convolve(std::span<const T> x) const {
  std::vector<T> y(output_size(x.size()));
  const auto size = static_cast<int64_t>(x.size());
  size_t phase = 0;
  int64_t shift = 0;
  for (T& value : y) {
    const int64_t start = first_[phase] + shift;
    const double* weights = weights_.data() + phase * taps_;
    const int64_t from = std::max<int64_t>(0, -start);
    const int64_t until = std::min(static_cast<int64_t>(taps_), size - start);
    double sum = 0;
    for (int64_t j = from; j < until; ++j) {
      sum += weights[j] * static_cast<double>(x[static_cast<size_t>(start + j)]);
    }
    value = static_cast<T>(sum);
    if (++phase == first_.size()) {
      phase = 0;
      shift += step_;
    }
  }
  return y;
}

std::vector<float> SpeedResampler::run(std::span<const float> x) const { return convolve(x); }
std::vector<double> SpeedResampler::run(std::span<const double> x) const { return convolve(x); }

namespace {

class Speed : public Augmentation {
 public:
  Speed(std::vector<double> rates, bool keep_length)
      : rates_(std::move(rates)), keep_length_(keep_length) {}

  Waveform apply(Waveform waveform, Random& random) const override {
    const double rate = rates_[random.below(rates_.size())];
    if (waveform.samples.empty()) return waveform;
    // To a multiple of 1 % of 16 kHz, so that the two rates have few phases.
    const int64_t step = std::max<int64_t>(1, std::gcd(waveform.sample_rate, 160));
    const int64_t to = std::max<int64_t>(
        step, std::llround(rate * waveform.sample_rate / static_cast<double>(step)) * step);
    const SpeedResampler resampler(waveform.sample_rate, to);
    const size_t length = waveform.samples.size();
    waveform.samples = resampler.run(waveform.samples);
    if (keep_length_) waveform.samples = crop_first(waveform.samples, length);
    return waveform;
  }

 private:
  std::vector<double> rates_;
  bool keep_length_;
};

}  // namespace

std::unique_ptr<Augmentation> make_speed(Parameters& parameters) {
  auto rates = parameters.numbers("rates", {0.95, 1.05}, 0.25, 4);
  return std::make_unique<Speed>(std::move(rates), parameters.flag("keep_length", true));
}

}  // namespace bonafide
