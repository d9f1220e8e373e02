#include <algorithm>
#include <cmath>
#include <numbers>

#include "augment/world.h"
#include "augment/world_parts.h"
#include "base/error.h"

namespace bonafide {

namespace {

using namespace world;
using Complex = std::complex<double>;
using std::numbers::pi;

constexpr double kUnvoicedF0 = 500;  // Hz: how often unvoiced noise is renewed

struct Pulse {
  size_t sample;  // the last one before it
  double shift;   // samples from there, in [0, 1)
  bool voiced;
};

std::vector<Pulse> find_pulses(std::span<const double> f0, size_t samples, double rate,
                               double lowest, double period) {
  std::vector<double> times, pitches, voicing;
  for (size_t t = 0; t < f0.size(); ++t) {
    times.push_back(static_cast<double>(t) * period);
    pitches.push_back(f0[t] < lowest ? 0 : f0[t]);
    voicing.push_back(pitches.back() == 0 ? 0 : 1);
  }
  const size_t last = f0.size() - 1;
  const size_t previous = last == 0 ? 0 : last - 1;
  times.push_back(static_cast<double>(f0.size()) * period);
  pitches.push_back(2 * pitches[last] - pitches[previous]);
  voicing.push_back(2 * voicing[last] - voicing[previous]);

  std::vector<double> clock(samples);
  for (size_t i = 0; i < samples; ++i) clock[i] = static_cast<double>(i) / rate;
  const auto pitch = interpolate(times, pitches, clock);
  const auto voiced = interpolate(times, voicing, clock);

  std::vector<Pulse> pulses;
  double total = 0, before = 0;
  for (size_t i = 0; i < samples; ++i) {
    total += 2 * pi * (voiced[i] > 0.5 ? pitch[i] : kUnvoicedF0) / rate;
    const double wrapped = std::fmod(total, 2 * pi);
    if (i > 0 && std::abs(wrapped - before) > pi) {
      const double from = before - 2 * pi;
      pulses.push_back({i - 1, -from / (wrapped - from), voiced[i - 1] > 0.5});
    }
    before = wrapped;
  }
  return pulses;
}

class Synthesiser {
 public:
  Synthesiser(const WorldFrames& spectrogram, const WorldFrames& aperiodicity, double period)
      : spectrogram_(spectrogram),
        aperiodicity_(aperiodicity),
        period_(period),
        fft_(2 * (spectrogram.bins - 1)),
        dc_remover_(fft_.size()) {
    double sum = 0;
    for (size_t i = 0; i < fft_.size(); ++i) {
      dc_remover_[i] = 0.5 - 0.5 * std::cos(2 * pi * static_cast<double>(i + 1) /
                                            static_cast<double>(fft_.size() + 1));
      sum += dc_remover_[i];
    }
    for (double& value : dc_remover_) value /= sum;
  }

  size_t size() const { return fft_.size(); }

  // The response to one pulse, `distance` samples before the next.
  std::vector<double> respond(const Pulse& pulse, size_t distance, double time) {
    const auto power = between(spectrogram_, time, [](double value) { return std::abs(value); });
    auto noisy = between(aperiodicity_, time,
                         [](double value) { return std::clamp(value, 0.001, 0.999999999999); });
    for (double& share : noisy) share *= share;

    std::vector<double> response = aperiodic(power, noisy, pulse.voiced, distance);
    if (pulse.voiced && noisy[0] <= 0.999) {
      const auto pitched = periodic(power, noisy, pulse.shift);
      const double scale = std::sqrt(static_cast<double>(distance));
      for (size_t i = 0; i < response.size(); ++i) response[i] += pitched[i] * scale;
    }
    for (double& value : response) value /= static_cast<double>(fft_.size());
    return response;
  }

 private:
  template <typename Held>
  std::vector<double> between(const WorldFrames& frames, double time, const Held& held) const {
    const auto last = static_cast<double>(frames.frames() - 1);
    const double position = time / period_;
    const double floor = std::min(last, std::floor(position));
    const auto a = frames.row(static_cast<size_t>(floor));
    const auto b = frames.row(static_cast<size_t>(std::min(last, std::ceil(position))));
    const double share = a.data() == b.data() ? 0 : position - floor;
    std::vector<double> mixed(frames.bins);
    for (size_t k = 0; k < mixed.size(); ++k) {
      mixed[k] = (1 - share) * held(a[k]) + share * held(b[k]);
    }
    return mixed;
  }

  // To the middle of the frame.
  std::vector<double> centred(const std::vector<Complex>& half_spectrum) const {
    auto samples = back_to_time(fft_, half_spectrum);
    std::rotate(samples.begin(), samples.begin() + static_cast<ptrdiff_t>(samples.size() / 2),
                samples.end());
    return samples;
  }

  std::vector<double> periodic(const std::vector<double>& power, const std::vector<double>& noisy,
                               double shift) const {
    std::vector<double> log_magnitude(power.size());
    for (size_t k = 0; k < power.size(); ++k) {
      log_magnitude[k] = std::log(power[k] * (1 - noisy[k]) + kTiny) / 2;
    }
    auto spectrum = minimum_phase(fft_, log_magnitude);
    const double turn = -2 * pi * shift / static_cast<double>(fft_.size());
    for (size_t k = 0; k < spectrum.size(); ++k) {
      spectrum[k] *= std::polar(1.0, turn * static_cast<double>(k));
    }
    auto response = centred(spectrum);
    const size_t middle = response.size() / 2;
    double dc = 0;
    for (size_t i = middle; i < response.size(); ++i) dc += response[i];
    for (size_t i = 0; i < response.size(); ++i) {
      response[i] = (i < middle ? 0 : response[i]) - dc * dc_remover_[i];
    }
    return response;
  }

  std::vector<double> aperiodic(const std::vector<double>& power, const std::vector<double>& noisy,
                                bool voiced, size_t distance) {
    std::vector<double> excitation(distance);
    double mean = 0;
    for (double& value : excitation) mean += value = noise_.normal();
    mean /= static_cast<double>(distance);
    for (double& value : excitation) value -= mean;
    const auto noise = transform(fft_, excitation);
    std::vector<double> log_magnitude(power.size());
    for (size_t k = 0; k < power.size(); ++k) {
      log_magnitude[k] = std::log(voiced ? power[k] * noisy[k] : power[k]) / 2;
    }
    auto spectrum = minimum_phase(fft_, log_magnitude);
    for (size_t k = 0; k < spectrum.size(); ++k) spectrum[k] *= noise[k];
    return centred(spectrum);
  }

  const WorldFrames& spectrogram_;
  const WorldFrames& aperiodicity_;
  double period_;  // s
  FftDouble fft_;
  std::vector<double> dc_remover_;
  Noise noise_;
};

}  // namespace

std::vector<double> world_synthesis(std::span<const double> f0, const WorldFrames& spectrogram,
                                    const WorldFrames& aperiodicity, size_t samples, double rate,
                                    const WorldOptions& options) {
  if (f0.empty() || spectrogram.frames() != f0.size() || aperiodicity.frames() != f0.size() ||
      aperiodicity.bins != spectrogram.bins || spectrogram.bins < 2) {
    throw Error("WORLD: pitch, spectrogram and aperiodicity must have the same frames and bins");
  }
  const double period = options.frame_period_ms / 1000;
  Synthesiser synthesiser(spectrogram, aperiodicity, period);
  const size_t size = synthesiser.size();
  const double lowest = rate / static_cast<double>(size) + 1;
  const auto pulses = find_pulses(f0, samples, rate, lowest, period);
  std::vector<double> y(samples);
  // The last pulse has no distance to a next one, and adds nothing.
  for (size_t p = 0; p + 1 < pulses.size(); ++p) {
    const size_t at = pulses[p].sample;
    const size_t distance = pulses[p + 1].sample - at;
    if (distance == 0) continue;
    const auto response = synthesiser.respond(pulses[p], distance, static_cast<double>(at) / rate);
    for (size_t i = 0; i < size; ++i) {
      const size_t position = at + i + 1;  // less half the frame
      if (position >= size / 2 && position - size / 2 < samples) {
        y[position - size / 2] += response[i];
      }
    }
  }
  return y;
}

}  // namespace bonafide
