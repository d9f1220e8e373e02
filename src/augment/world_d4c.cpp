#include <algorithm>
#include <cmath>
#include <numbers>

#include "augment/world.h"
#include "augment/world_parts.h"

namespace bonafide {

namespace {

using namespace world;

constexpr double kLowestF0 = 47;        // Hz
constexpr double kLowestVoiced = 40;    // Hz, of the voicing check
constexpr double kInterval = 3000;      // Hz between the bands
constexpr double kHighestBand = 15000;  // Hz
constexpr double kDither = 1e-6;

size_t power_of_two_above(double samples) {
  return size_t{2} << static_cast<int>(std::log2(samples + 1));
}

std::vector<double> power_of(const FftDouble& fft, std::span<const double> samples) {
  const auto spectrum = transform(fft, samples);
  std::vector<double> power(fft.size() / 2 + 1);
  for (size_t k = 0; k < power.size(); ++k) power[k] = std::norm(spectrum[k]);
  return power;
}

class D4c {
 public:
  D4c(std::span<const double> x, double rate)
      : x_(x),
        rate_(rate),
        voicing_fft_(power_of_two_above(3 * rate / kLowestVoiced)),
        fft_(power_of_two_above(4 * rate / kLowestF0)),
        bands_(static_cast<size_t>(std::max(0.0, std::min(kHighestBand, rate / 2 - kInterval)) /
                                   kInterval)),
        window_(2 * static_cast<size_t>(kInterval * static_cast<double>(fft_.size()) / rate) + 1) {
    for (size_t i = 0; i < window_.size(); ++i) window_[i] = nuttall(i, window_.size());
  }

  size_t bands() const { return bands_; }

  // The share of power up to 4 kHz of that up to 7.9 kHz.
  double low_share(double time, double f0) {
    const Frame frame = cut_frame(x_, rate_, time, std::max(f0, kLowestVoiced),
                                  {Window::kBlackman, 3, false, kDither}, noise_);
    const auto power = power_of(voicing_fft_, frame.samples);
    const auto bin = [&](double frequency) {
      return static_cast<size_t>(
          std::ceil(frequency * static_cast<double>(voicing_fft_.size()) / rate_));
    };
    double low = 0, all = 0;
    for (size_t k = bin(100) + 1; k < power.size() && k <= bin(7900); ++k) {
      all += power[k];
      if (k <= bin(4000)) low += power[k];
    }
    return low / all;
  }

  // dB in each band.
  std::vector<double> coarse(double time, double f0) {
    f0 = std::max(f0, kLowestF0);
    const auto delay = group_delay(time, f0);
    std::vector<double> levels;
    for (size_t band = 1; band <= bands_; ++band) {
      levels.push_back(std::min(0.0, noise_level(delay, band) + (f0 - 100) / 50));
    }
    return levels;
  }

 private:
  // Energy-weighted group delay around a time.
  std::vector<double> centroid(double time, double f0) {
    Frame frame = cut_frame(x_, rate_, time, f0, {Window::kBlackman, 4, false, kDither}, noise_);
    double energy = 0;
    for (const double value : frame.samples) energy += value * value;
    for (double& value : frame.samples) value /= std::sqrt(energy);
    const auto plain = transform(fft_, frame.samples);
    for (size_t i = 0; i < frame.samples.size(); ++i) {
      frame.samples[i] *= static_cast<double>(i + 1);
    }
    const auto ramped = transform(fft_, frame.samples);
    std::vector<double> product(fft_.size() / 2 + 1);
    for (size_t k = 0; k < product.size(); ++k) {
      product[k] = plain[k].real() * ramped[k].real() + plain[k].imag() * ramped[k].imag();
    }
    return product;
  }

  std::vector<double> group_delay(double time, double f0) {
    const size_t size = fft_.size();
    auto sum = centroid(time - 0.25 / f0, f0);
    const auto after = centroid(time + 0.25 / f0, f0);
    for (size_t k = 0; k < sum.size(); ++k) sum[k] += after[k];
    correct_dc(sum, f0, rate_, size);

    const Frame frame = cut_frame(x_, rate_, time, f0, {Window::kHann, 4, false, kDither}, noise_);
    auto power = power_of(fft_, frame.samples);
    correct_dc(power, f0, rate_, size);
    power = smooth(power, f0, rate_, size);
    for (size_t k = 0; k < sum.size(); ++k) sum[k] /= power[k];

    auto delay = smooth(sum, f0 / 2, rate_, size);
    const auto trend = smooth(delay, f0, rate_, size);
    for (size_t k = 0; k < delay.size(); ++k) delay[k] -= trend[k];
    return delay;
  }

  // How much of the group delay's own spectrum is not in its strongest lines, in dB.
  double noise_level(const std::vector<double>& delay, size_t band) {
    const size_t side = window_.size() / 2;
    const auto centre = static_cast<size_t>(kInterval * static_cast<double>(band) *
                                            static_cast<double>(fft_.size()) / rate_);
    std::vector<double> part(window_.size());
    for (size_t j = 0; j < part.size(); ++j) {
      const size_t at = centre + j;  // less the side
      if (at >= side && at - side < delay.size()) part[j] = delay[at - side] * window_[j];
    }
    auto power = power_of(fft_, part);
    std::sort(power.begin(), power.end());
    for (size_t k = 1; k < power.size(); ++k) power[k] += power[k - 1];
    const auto lines = static_cast<size_t>(round_half_away(8.0 * static_cast<double>(fft_.size()) /
                                                           static_cast<double>(window_.size())));
    const size_t rest = power.size() - 2 - std::min(lines, power.size() - 2);
    return 10 * std::log10(power[rest] / power.back());
  }

  std::span<const double> x_;
  double rate_;
  FftDouble voicing_fft_, fft_;
  size_t bands_;
  std::vector<double> window_;
  Noise noise_;
};

}  // namespace

WorldFrames world_d4c(std::span<const double> x, double rate, std::span<const double> f0,
                      const WorldOptions& options) {
  const size_t bins = world_fft_size(rate, options) / 2 + 1;
  WorldFrames frames{std::vector<double>(f0.size() * bins, 1 - kTiny), bins};
  D4c d4c(x, rate);
  const auto time_of = [&](size_t t) {
    return static_cast<double>(t) * options.frame_period_ms / 1000;
  };
  // All voicing checks come first, as in WORLD: they share its noise with what follows.
  std::vector<bool> voiced(f0.size());
  for (size_t t = 0; t < f0.size(); ++t) {
    voiced[t] = f0[t] != 0 && d4c.low_share(time_of(t), f0[t]) > options.aperiodicity_threshold;
  }
  std::vector<double> axis{0};
  for (size_t band = 1; band <= d4c.bands(); ++band) {
    axis.push_back(kInterval * static_cast<double>(band));
  }
  axis.push_back(rate / 2);
  std::vector<double> frequencies(bins);
  for (size_t k = 0; k < bins; ++k) {
    frequencies[k] = static_cast<double>(k) * rate / static_cast<double>(2 * (bins - 1));
  }
  for (size_t t = 0; t < f0.size(); ++t) {
    if (!voiced[t]) continue;
    std::vector<double> levels{-60};
    for (const double level : d4c.coarse(time_of(t), f0[t])) levels.push_back(level);
    levels.push_back(-kTiny);
    const auto decibels = interpolate(axis, levels, frequencies);
    for (size_t k = 0; k < bins; ++k) frames.row(t)[k] = std::pow(10.0, decibels[k] / 20);
  }
  return frames;
}

}  // namespace bonafide
