#include "augment/vad_trim.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include "audio/fft.h"
#include "augment/parameters.h"
#include "base/error.h"

namespace bonafide {

namespace {

size_t rounded(double value) { return static_cast<size_t>(value + 0.5); }

// A periodic Hann window times 2 / sqrt(length).
std::vector<double> energy_window(size_t length) {
  std::vector<double> window(length);
  const auto n = static_cast<double>(length);
  for (size_t i = 0; i < length; ++i) {
    const double hann = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(i) / n);
    window[i] = hann * 2 / std::sqrt(n);
  }
  return window;
}

size_t transform_length(size_t at_least) {
  size_t length = 16;
  while (length < at_least) length *= 2;
  return length;
}

// How the detector's times and frequencies come out in samples, bins and factors.
struct Plan {
  Plan(const VadOptions& o, int sample_rate) {
    const double rate = sample_rate;
    window = rounded(rate * o.measure_duration);
    length = transform_length(window);
    period = std::max<size_t>(1, rounded(rate / o.measure_frequency));
    measures = static_cast<size_t>(std::ceil(o.search_time * o.measure_frequency));
    gap = rounded(o.allowed_gap * o.measure_frequency);
    kept = rounded(o.pre_trigger_time * rate) + measures * period + window;
    const auto bins = static_cast<double>(length);
    first_bin = std::max<size_t>(1, rounded(o.high_pass_frequency / rate * bins));
    last_bin = std::min(rounded(o.low_pass_frequency / rate * bins), length / 2);
    first_quefrency = static_cast<size_t>(std::ceil(rate * 0.5 / o.low_pass_lifter));
    last_quefrency =
        std::min(static_cast<size_t>(std::floor(rate * 0.5 / o.high_pass_lifter)), length / 4);
    const auto factor = [&](double time) { return std::exp(-1 / (time * o.measure_frequency)); };
    noise_up = factor(o.noise_up_time);
    noise_down = factor(o.noise_down_time);
    smooth = factor(o.measure_smooth_time);
    trigger = factor(o.trigger_time);
    boot = static_cast<int>(o.boot_time * o.measure_frequency - 0.5);
    if (window < 2 || measures == 0 || last_bin <= first_bin || last_quefrency <= first_quefrency) {
      throw Error("trim_silence: its times and bands leave nothing to measure at this sample rate");
    }
  }

  size_t window, length, period, measures, gap, kept;
  size_t first_bin, last_bin, first_quefrency, last_quefrency;  // the last ones are outside
  double noise_up, noise_down, smooth, trigger;
  int boot;
};

class Detector {
 public:
  Detector(const VadOptions& options, const Plan& plan)
      : options_(options),
        plan_(plan),
        spectrum_fft_(plan.length),
        cepstrum_fft_(plan.length / 2),
        spectrum_window_(energy_window(plan.window)),
        cepstrum_window_(energy_window(plan.last_bin - plan.first_bin)),
        spectrum_(plan.length),
        noise_(plan.length),
        history_(plan.measures) {}

  // The samples before `end`; there are zeros before the first. Whether speech was now found.
  bool measure(std::span<const float> samples, size_t end) {
    std::vector<std::complex<double>> frame(plan_.length);
    for (size_t i = 0; i < plan_.window; ++i) {
      const size_t at = end + i;  // less the window's length
      if (at >= plan_.window) frame[i] = samples[at - plan_.window] * spectrum_window_[i];
    }
    spectrum_fft_.forward(frame);
    const double level = std::max(0.0, 21 + std::log(voicing(frame)));
    newest_ = (newest_ + 1) % history_.size();
    history_[newest_] = level;
    mean_ = mean_ * plan_.trigger + level * (1 - plan_.trigger);
    return mean_ >= options_.trigger_level;
  }

  // How many measures before the newest the speech may have begun.
  size_t look_back() const {
    const size_t n = history_.size();
    size_t trigger = n, zero = n, at = newest_;
    for (size_t j = 0; j < n; ++j) {
      if (history_[at] >= options_.trigger_level && j <= trigger + plan_.gap) {
        zero = trigger = j;
      } else if (history_[at] == 0 && trigger >= zero) {
        zero = j;
      }
      at = (at + n - 1) % n;
    }
    return std::min(n - 1, zero);
  }

 private:
  // Mean power of the middle of the cepstrum, which harmonics of a voice raise.
  double voicing(const std::vector<std::complex<double>>& frame) {
    const double smooth = booted_ <= plan_.boot ? booted_ / (1.0 + booted_) : plan_.smooth;
    std::vector<std::complex<double>> excess(plan_.length / 2);
    for (size_t k = plan_.first_bin; k < plan_.last_bin; ++k) {
      spectrum_[k] = spectrum_[k] * smooth + std::abs(frame[k]) * (1 - smooth);
      const double power = spectrum_[k] * spectrum_[k];
      const double keep = booted_ <= plan_.boot ? 0
                          : power > noise_[k]   ? plan_.noise_up
                                                : plan_.noise_down;
      noise_[k] = noise_[k] * keep + power * (1 - keep);
      const double over = std::max(0.0, power - options_.noise_reduction_amount * noise_[k]);
      excess[k] = std::sqrt(over) * cepstrum_window_[k - plan_.first_bin];
    }
    if (booted_ <= plan_.boot) ++booted_;
    cepstrum_fft_.forward(excess);
    double sum = 0;
    for (size_t q = plan_.first_quefrency; q < plan_.last_quefrency; ++q)
      sum += std::norm(excess[q]);
    return sum / static_cast<double>(plan_.last_quefrency - plan_.first_quefrency);
  }

  const VadOptions& options_;
  const Plan& plan_;
  FftDouble spectrum_fft_, cepstrum_fft_;
  std::vector<double> spectrum_window_, cepstrum_window_;
  std::vector<double> spectrum_, noise_;
  std::vector<double> history_;  // a ring of measures
  size_t newest_ = 0;
  int booted_ = 0;  // measures taken while the noise is not yet known
  double mean_ = 0;
};

// A start before the first sample counts from the end, as Python's slices do.
size_t kept_from(int64_t start, size_t size) {
  const auto length = static_cast<int64_t>(size);
  if (start < 0) start = std::max<int64_t>(0, start + length);
  return static_cast<size_t>(std::max<int64_t>(0, length - start));
}

}  // namespace

size_t vad_kept(std::span<const float> samples, int sample_rate, const VadOptions& options) {
  const Plan plan(options, sample_rate);
  Detector detector(options, plan);
  for (size_t at = plan.window - 1; at < samples.size(); at += plan.period) {
    if (!detector.measure(samples, at)) continue;
    const size_t flushed = (plan.measures - detector.look_back()) * plan.period;
    return kept_from(static_cast<int64_t>(at + 1 + flushed) - static_cast<int64_t>(plan.kept),
                     samples.size());
  }
  if (!options.keep_tail_when_silent) return samples.size();
  return kept_from(static_cast<int64_t>(samples.size()) - static_cast<int64_t>(plan.kept),
                   samples.size());
}

namespace {

class TrimSilence : public Augmentation {
 public:
  explicit TrimSilence(VadOptions options) : options_(options) {}

  Waveform apply(Waveform waveform, Random&) const override {
    if (waveform.samples.empty()) return waveform;
    const size_t kept = vad_kept(waveform.samples, waveform.sample_rate, options_);
    if (kept == 0) return waveform;
    waveform.samples.erase(waveform.samples.begin(),
                           waveform.samples.end() - static_cast<ptrdiff_t>(kept));
    return waveform;
  }

 private:
  VadOptions options_;
};

}  // namespace

std::unique_ptr<Augmentation> make_trim_silence(Parameters& parameters) {
  VadOptions options;
  options.trigger_level = parameters.number("trigger_level", options.trigger_level, 0, 100);
  options.keep_tail_when_silent =
      parameters.choice("when_silent", "keep-all", {"keep-all", "keep-tail"}) == "keep-tail";
  return std::make_unique<TrimSilence>(options);
}

}  // namespace bonafide
