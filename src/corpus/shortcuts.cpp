#include "corpus/shortcuts.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <map>
#include <numbers>
#include <numeric>
#include <optional>

#include "audio/decode.h"
#include "audio/fft.h"
#include "base/error.h"
#include "base/text.h"
#include "corpus/parallel.h"

namespace bonafide {

namespace {

constexpr double kFloor = 1e-12;  // keeps the logarithm of silence finite

double decibels(double energy) { return 10 * std::log10(energy + kFloor); }

// Mean square of each 10 ms.
std::vector<double> frame_energies(const Waveform& waveform) {
  const auto frame = static_cast<size_t>(waveform.sample_rate / 100);
  std::vector<double> energies;
  for (size_t start = 0; start + frame <= waveform.samples.size(); start += frame) {
    double sum = 0;
    for (size_t i = start; i < start + frame; ++i) {
      sum += static_cast<double>(waveform.samples[i]) * waveform.samples[i];
    }
    energies.push_back(sum / static_cast<double>(frame));
  }
  return energies;
}

// Frames before the first that is within 40 dB of the loudest.
template <typename Iterator>
double silent_seconds(Iterator begin, Iterator end) {
  const double limit = *std::max_element(begin, end) * 1e-4;
  const auto loud = std::find_if(begin, end, [&](double energy) { return energy >= limit; });
  return 0.01 * static_cast<double>(loud - begin);
}

double percentile(std::vector<double> values, double share) {
  const auto middle =
      values.begin() + static_cast<ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Long-term power spectrum, 2048 points under a Hann window: 80 Hz is ten bins.
std::vector<double> power_spectrum(const Waveform& waveform) {
  constexpr size_t kSize = 2048;
  static const Fft fft(kSize);
  std::vector<double> power(kSize / 2 + 1);
  std::vector<std::complex<float>> frame(kSize);
  for (size_t start = 0; start + kSize <= waveform.samples.size(); start += kSize) {
    for (size_t i = 0; i < kSize; ++i) {
      const double window =
          0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(i) / kSize);
      frame[i] = static_cast<float>(window * waveform.samples[start + i]);
    }
    fft.forward(frame);
    for (size_t k = 0; k < power.size(); ++k) power[k] += std::norm(frame[k]);
  }
  return power;
}

// Of the band's energy against the whole, in decibels.
double band_share(const std::vector<double>& power, double low, double high, int sample_rate) {
  const double hz_per_bin = sample_rate / (2.0 * static_cast<double>(power.size() - 1));
  double band = 0, all = 0;
  for (size_t k = 0; k < power.size(); ++k) {
    const double hz = static_cast<double>(k) * hz_per_bin;
    if (hz >= low && hz < high) band += power[k];
    all += power[k];
  }
  return decibels(band / (all + kFloor));
}

}  // namespace

Shortcuts measure_shortcuts(const Waveform& waveform) {
  const auto& samples = waveform.samples;
  if (waveform.sample_rate != 16000 || samples.size() < 1600) {
    throw Error("shortcuts are measured at 16 kHz, on a tenth of a second at least");
  }
  const auto count = static_cast<double>(samples.size());
  const double mean = std::accumulate(samples.begin(), samples.end(), 0.0) / count;
  double energy = 0, peak = 0, zeros = 0;
  for (const float value : samples) {
    energy += static_cast<double>(value) * value / count;
    peak = std::max(peak, std::abs(static_cast<double>(value)));
    zeros += value == 0 ? 1 : 0;
  }
  const std::vector<double> frames = frame_energies(waveform);
  const std::vector<double> power = power_spectrum(waveform);
  return {waveform.seconds(),
          decibels(energy),
          std::abs(mean),
          silent_seconds(frames.begin(), frames.end()),
          silent_seconds(frames.rbegin(), frames.rend()),
          decibels(percentile(frames, 0.05)),
          zeros / count,
          band_share(power, 7000, 8001, waveform.sample_rate),
          band_share(power, 4000, 7000, waveform.sample_rate),
          band_share(power, 0, 80, waveform.sample_rate),
          decibels(peak * peak) - decibels(energy)};
}

double separation(std::vector<double> bona_fide, std::vector<double> spoof) {
  if (bona_fide.empty() || spoof.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::sort(bona_fide.begin(), bona_fide.end());
  std::sort(spoof.begin(), spoof.end());
  double wins = 0;  // pairs in which the bona fide value is larger; ties count half
  for (const double value : spoof) {
    const auto [first, last] = std::equal_range(bona_fide.begin(), bona_fide.end(), value);
    wins += static_cast<double>(bona_fide.end() - last) + 0.5 * static_cast<double>(last - first);
  }
  const double area =
      wins / static_cast<double>(bona_fide.size()) / static_cast<double>(spoof.size());
  return std::max(area, 1 - area);
}

ShortcutTable measure_shortcuts(const std::vector<Trial>& trials, size_t threads,
                                Progress& progress) {
  std::vector<std::optional<Shortcuts>> measured(trials.size());
  const auto failures = for_each_parallel(
      trials.size(), threads, "measuring", progress,
      [&](size_t i) { measured[i] = measure_shortcuts(decode(location_of(trials[i])).waveform); },
      [&](size_t i) { return printable(location_of(trials[i]).name()); });
  if (failures.interrupted) return {};

  ShortcutTable table{{"all"}, {}, failures.reasons};
  for (const Trial& trial : trials) {
    if (std::find(table.partitions.begin(), table.partitions.end(), trial.partition) ==
        table.partitions.end()) {
      table.partitions.push_back(trial.partition);
    }
  }
  for (size_t p = 0; p < table.partitions.size(); ++p) {
    auto& areas = table.areas.emplace_back();
    for (size_t s = 0; s < areas.size(); ++s) {
      std::map<Truth, std::vector<double>> values;
      for (size_t i = 0; i < trials.size(); ++i) {
        if (!measured[i] || (p > 0 && trials[i].partition != table.partitions[p])) continue;
        values[label_of(trials[i].truth)].push_back((*measured[i])[s]);
      }
      areas[s] = separation(values[Truth::kBonaFide], values[Truth::kSpoof]);
    }
  }
  return table;
}

}  // namespace bonafide
