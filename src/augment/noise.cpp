#include "augment/noise.h"

#include <bit>
#include <cmath>
#include <complex>
#include <numbers>

#include "audio/convolve.h"
#include "audio/fft.h"
#include "augment/levels.h"
#include "augment/parameters.h"

namespace bonafide {

std::vector<float> add_at_snr(std::span<const float> x, std::span<const float> noise,
                              double snr_db) {
  std::vector<float> sum(x.begin(), x.end());
  const double clean = power_of(x);
  const double disturbing = power_of(noise);
  if (!(clean > 0) || !(disturbing > 0)) return sum;
  const double scale = std::sqrt(clean / disturbing / std::pow(10.0, snr_db / 10));
  for (size_t i = 0; i < sum.size(); ++i) sum[i] += static_cast<float>(scale * noise[i]);
  return sum;
}

namespace {

// Real taps whose magnitudes are sqrt(1 / f^decay), f in Hz and 1 at 0 Hz, with random phases.
std::vector<double> colour_filter(int sample_rate, double decay, size_t points, Random& random) {
  std::vector<std::complex<double>> spectrum(points);
  for (size_t k = 0; k <= points / 2; ++k) {
    const double f =
        k == 0 ? 1 : static_cast<double>(k) * sample_rate / static_cast<double>(points);
    spectrum[k] = std::polar(std::pow(f, -decay / 2), random.uniform(0, 2 * std::numbers::pi));
  }
  // A real response has real ends of its spectrum.
  spectrum[0] = spectrum[0].real();
  spectrum[points / 2] = spectrum[points / 2].real();
  for (size_t k = 1; k < points / 2; ++k) spectrum[points - k] = std::conj(spectrum[k]);
  FftDouble(points).inverse(spectrum);
  std::vector<double> taps;
  for (const auto& value : spectrum) taps.push_back(value.real());
  return taps;
}

std::vector<float> white(size_t samples, Random& random) {
  std::vector<float> noise(samples);
  for (float& value : noise) value = static_cast<float>(random.normal());
  return noise;
}

class WhiteNoise : public Augmentation {
 public:
  explicit WhiteNoise(Range amplitude) : amplitude_(amplitude) {}

  Waveform apply(Waveform waveform, Random& random) const override {
    const double amplitude = amplitude_.draw(random);
    for (float& sample : waveform.samples) {
      sample += static_cast<float>(amplitude * random.normal());
    }
    return waveform;
  }

 private:
  Range amplitude_;
};

class WhiteNoiseAtSnr : public Augmentation {
 public:
  explicit WhiteNoiseAtSnr(Range snr) : snr_(snr) {}

  Waveform apply(Waveform waveform, Random& random) const override {
    const double snr = snr_.draw(random);
    waveform.samples = add_at_snr(waveform.samples, white(waveform.samples.size(), random), snr);
    return waveform;
  }

 private:
  Range snr_;
};

class ColourNoise : public Augmentation {
 public:
  ColourNoise(Range snr, Range decay, size_t points) : snr_(snr), decay_(decay), points_(points) {}

  Waveform apply(Waveform waveform, Random& random) const override {
    const double snr = snr_.draw(random);
    const double decay = decay_.draw(random);
    const auto noise =
        colour_noise(waveform.samples.size(), waveform.sample_rate, decay, points_, random);
    waveform.samples = add_at_snr(waveform.samples, noise, snr);
    return waveform;
  }

 private:
  Range snr_, decay_;
  size_t points_;
};

}  // namespace

std::vector<float> colour_noise(size_t samples, int sample_rate, double decay, size_t points,
                                Random& random) {
  std::vector<double> noise(samples);
  for (double& value : noise) value = random.normal();
  if (decay != 0) {
    const auto taps = colour_filter(sample_rate, decay, points, random);
    noise = convolve(noise, taps, (points - 1) / 2, samples);
  }
  double sum = 0;
  for (const double value : noise) sum += value * value;
  const double rms = std::sqrt(sum / static_cast<double>(samples));
  std::vector<float> scaled;
  for (const double value : noise) {
    scaled.push_back(static_cast<float>(rms > 0 ? value / rms : 0));
  }
  return scaled;
}

std::unique_ptr<Augmentation> make_white_noise(Parameters& parameters) {
  return std::make_unique<WhiteNoise>(parameters.range("amplitude", {0.005, 0.005}, 0, 10));
}

std::unique_ptr<Augmentation> make_white_noise_snr(Parameters& parameters) {
  return std::make_unique<WhiteNoiseAtSnr>(parameters.range("snr_db", {5, 40}, -60, 120));
}

std::unique_ptr<Augmentation> make_colour_noise(Parameters& parameters) {
  const Range snr = parameters.range("snr_db", {5, 40}, -60, 120);
  const Range decay = parameters.range("decay", {-2, 2}, -8, 8);
  const int64_t points = parameters.integer("points", 128, 2, 65536);
  if (!std::has_single_bit(static_cast<uint64_t>(points))) {
    parameters.refuse("points", "a power of two");
  }
  return std::make_unique<ColourNoise>(snr, decay, static_cast<size_t>(points));
}

}  // namespace bonafide
