#include "augment/rawboost.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <unordered_set>

#include "audio/convolve.h"

namespace bonafide {

namespace {

constexpr double kEdge = 0.001;  // Hz: how near a band edge may come to 0 and to half the rate

double sinc(double x) {
  if (x == 0) return 1;
  return std::sin(std::numbers::pi * x) / (std::numbers::pi * x);
}

// A linear-phase band-stop filter under a Hamming window, with gain 1 at 0 Hz.
std::vector<double> band_stop(const Notch::Band& band, double sample_rate) {
  const int taps = std::max(1, band.taps + (band.taps % 2 == 0 ? 1 : 0));
  const double nyquist = sample_rate / 2;
  double low = band.centre - band.width / 2;
  double high = band.centre + band.width / 2;
  if (low <= 0) low = kEdge;
  if (high >= nyquist) high = nyquist - kEdge;
  low = std::min(low, high) / nyquist;  // a band beyond the Nyquist frequency stops nothing
  high /= nyquist;

  std::vector<double> h(static_cast<size_t>(taps));
  double sum = 0;
  for (int i = 0; i < taps; ++i) {
    const double n = i - (taps - 1) / 2.0;
    const double window =
        taps == 1 ? 1 : 0.54 - 0.46 * std::cos(2 * std::numbers::pi * i / (taps - 1));
    h[static_cast<size_t>(i)] = window * (low * sinc(low * n) + sinc(n) - high * sinc(high * n));
    sum += h[static_cast<size_t>(i)];
  }
  for (double& value : h) value /= sum;
  return h;
}

std::vector<double> cascade(std::span<const double> a, std::span<const double> b) {
  std::vector<double> product(a.size() + b.size() - 1);
  for (size_t i = 0; i < a.size(); ++i) {
    for (size_t j = 0; j < b.size(); ++j) product[i + j] += a[i] * b[j];
  }
  return product;
}

// The largest magnitude at the frequencies pi k / points. The taps are symmetric about their
// middle, so the magnitude is a sum of cosines.
double peak_magnitude(std::span<const double> taps, size_t points) {
  const size_t period = 2 * points;
  std::vector<double> cosines(period);
  for (size_t i = 0; i < period; ++i) {
    cosines[i] = std::cos(std::numbers::pi * static_cast<double>(i) / static_cast<double>(points));
  }
  const size_t middle = taps.size() / 2;
  double peak = 0;
  for (size_t k = 0; k < points; ++k) {
    double sum = taps[middle];
    size_t turn = 0;
    for (size_t j = 1; j <= middle; ++j) {
      turn = (turn + k) % period;
      sum += 2 * taps[middle + j] * cosines[turn];
    }
    peak = std::max(peak, std::abs(sum));
  }
  return peak;
}

double norm(std::span<const double> x) {
  double sum = 0;
  for (const double value : x) sum += value * value;
  return std::sqrt(sum);
}

}  // namespace

Notch draw_notch(const NotchRanges& ranges, Random& random) {
  Notch notch;
  for (int i = 0; i < ranges.bands; ++i) {
    Notch::Band band;
    band.centre = ranges.centre.draw(random);
    band.width = ranges.width.draw(random);
    band.taps = static_cast<int>(ranges.taps.draw(random));
    notch.bands.push_back(band);
  }
  notch.gain_db = ranges.gain_db.draw(random);
  return notch;
}

std::vector<double> notch_filter(const Notch& notch, double sample_rate, size_t frequency_points) {
  std::vector<double> taps{1.0};
  for (const Notch::Band& band : notch.bands) taps = cascade(taps, band_stop(band, sample_rate));
  const double peak = peak_magnitude(taps, frequency_points);
  const double scale = std::pow(10.0, notch.gain_db / 20) / peak;
  for (double& tap : taps) tap *= scale;
  return taps;
}

std::vector<double> filter_centred(std::span<const double> x, std::span<const double> taps) {
  return convolve(x, taps, (taps.size() + 1) / 2, x.size());
}

void normalise_peak(std::span<double> x, Peak rule) {
  double peak = 0;
  for (const double value : x) peak = std::max(peak, std::abs(value));
  if (peak == 0 || (rule == Peak::kWhenOver && peak <= 1)) return;
  for (double& value : x) value /= peak;
}

std::vector<double> convolutive_noise(std::span<const double> x,
                                      const std::vector<std::vector<double>>& filters) {
  std::vector<double> sum(x.size());
  std::vector<double> power(x.begin(), x.end());
  for (size_t order = 0; order < filters.size(); ++order) {
    if (order > 0) {
      for (size_t i = 0; i < x.size(); ++i) power[i] *= x[i];
    }
    const std::vector<double> filtered = filter_centred(power, filters[order]);
    for (size_t i = 0; i < x.size(); ++i) sum[i] += filtered[i];
  }
  double mean = 0;
  for (const double value : sum) mean += value;
  mean /= std::max(1.0, static_cast<double>(sum.size()));
  for (double& value : sum) value -= mean;
  normalise_peak(sum, Peak::kWhenOver);
  return sum;
}

std::vector<double> impulsive_noise(std::span<const double> x, std::span<const Impulse> impulses,
                                    double gain) {
  std::vector<double> y(x.begin(), x.end());
  for (const Impulse& impulse : impulses) {
    const double factor = (2 * impulse.u1 - 1) * (2 * impulse.u2 - 1);
    y[impulse.position] += gain * x[impulse.position] * factor;
  }
  normalise_peak(y, Peak::kWhenOver);
  return y;
}

std::vector<double> stationary_noise(std::span<const double> x, std::span<const double> noise,
                                     std::span<const double> filter, double snr_db) {
  std::vector<double> added = filter_centred(noise, filter);
  normalise_peak(added, Peak::kAlways);
  const double level = norm(added);
  if (level > 0) {
    const double scale = norm(x) / level / std::pow(10.0, snr_db / 20);
    for (double& value : added) value *= scale;
  }
  for (size_t i = 0; i < x.size(); ++i) added[i] += x[i];
  return added;
}

namespace {

using Samples = std::vector<double>;

struct Options {
  std::vector<int64_t> algorithms{5};
  NotchRanges notch;
  int filters = 5;
  double bias_low = 5, bias_high = 20;  // dB, taken off the gain range of the non-linear filters
  Range percent{0, 10};
  double gain = 2;
  Range snr{10, 40};
  bool normalise = false;
};

class RawBoost : public Augmentation {
 public:
  explicit RawBoost(Options options) : options_(std::move(options)) {}

  Waveform apply(Waveform waveform, Random& random) const override {
    if (waveform.samples.empty()) return waveform;
    const double rate = waveform.sample_rate;
    Samples x(waveform.samples.begin(), waveform.samples.end());
    x = run(options_.algorithms[random.below(options_.algorithms.size())], x, rate, random);
    if (options_.normalise) normalise_peak(x, Peak::kWhenOver);
    std::transform(x.begin(), x.end(), waveform.samples.begin(),
                   [](double value) { return static_cast<float>(value); });
    return waveform;
  }

 private:
  Samples run(int64_t algorithm, const Samples& x, double rate, Random& random) const {
    switch (algorithm) {
      case 1:
        return convolutive(x, rate, random);
      case 2:
        return impulsive(x, random);
      case 3:
        return stationary(x, rate, random);
      case 4:
        return stationary(impulsive(convolutive(x, rate, random), random), rate, random);
      case 5:
        return impulsive(convolutive(x, rate, random), random);
      case 6:
        return stationary(convolutive(x, rate, random), rate, random);
      case 7:
        return stationary(impulsive(x, random), rate, random);
      default:
        return parallel(x, rate, random);
    }
  }

  Samples convolutive(const Samples& x, double rate, Random& random) const {
    std::vector<Samples> filters;
    NotchRanges ranges = options_.notch;
    for (int order = 0; order < options_.filters; ++order) {
      if (order == 1) {
        // low may now lie above high: the draw is uniform between them either way.
        ranges.gain_db.low -= options_.bias_low;
        ranges.gain_db.high -= options_.bias_high;
      }
      filters.push_back(notch_filter(draw_notch(ranges, random), rate));
    }
    return convolutive_noise(x, filters);
  }

  Samples impulsive(const Samples& x, Random& random) const {
    const double share = options_.percent.draw(random) / 100;
    const auto count = static_cast<size_t>(static_cast<double>(x.size()) * share);
    std::vector<Impulse> impulses;
    // Floyd's way of drawing `count` different positions.
    std::unordered_set<size_t> taken;
    for (size_t last = x.size() - count; last < x.size(); ++last) {
      size_t position = random.below(last + 1);
      if (!taken.insert(position).second) taken.insert(position = last);
      const double u1 = random.uniform();
      impulses.push_back({position, u1, random.uniform()});
    }
    return impulsive_noise(x, impulses, options_.gain);
  }

  Samples stationary(const Samples& x, double rate, Random& random) const {
    Samples noise(x.size());
    for (double& value : noise) value = random.normal();
    const Samples filter = notch_filter(draw_notch(options_.notch, random), rate);
    return stationary_noise(x, noise, filter, options_.snr.draw(random));
  }

  Samples parallel(const Samples& x, double rate, Random& random) const {
    Samples sum = convolutive(x, rate, random);
    const Samples other = impulsive(x, random);
    for (size_t i = 0; i < sum.size(); ++i) sum[i] += other[i];
    normalise_peak(sum, Peak::kWhenOver);
    return sum;
  }

  Options options_;
};

}  // namespace

std::unique_ptr<Augmentation> make_rawboost(Parameters& parameters) {
  Options options;
  options.algorithms = parameters.integers("algorithm", options.algorithms, 1, 8);
  options.notch.bands = static_cast<int>(parameters.integer("bands", 5, 0, 20));
  options.notch.centre = parameters.range("frequency", options.notch.centre, 0, 1e6);
  options.notch.width = parameters.range("bandwidth", options.notch.width, 0, 1e6);
  options.notch.taps = parameters.range("taps", options.notch.taps, 1, 1024);
  options.notch.gain_db = parameters.range("gain_db", options.notch.gain_db, -120, 120);
  options.filters = static_cast<int>(parameters.integer("orders", options.filters, 1, 16));
  const Range bias = parameters.range("nonlinear_bias_db", {5, 20}, -120, 120);
  options.bias_low = bias.low;
  options.bias_high = bias.high;
  options.percent = parameters.range("impulse_percent", options.percent, 0, 100);
  options.gain = parameters.number("impulse_gain", options.gain, 0, 1000);
  options.snr = parameters.range("snr_db", options.snr, -60, 120);
  options.normalise = parameters.flag("normalise", options.normalise);
  return std::make_unique<RawBoost>(options);
}

}  // namespace bonafide
