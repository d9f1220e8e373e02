#include "minicorpus/chain.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

#include "audio/resample.h"
#include "audio/telephone.h"

namespace bonafide {

namespace {

constexpr int kRate = 16000;       // Hz, of the corpus
constexpr double kHighPass = 100;  // Hz
constexpr double kTrimDecibels = -40;
constexpr double kHighestPeak = 0.95;

double low_pass_of(Channel channel) { return channel == Channel::kWideband ? 6800 : 3400; }

double amplitude(double decibels) { return std::pow(10.0, decibels / 20); }

// One second-order section of a Butterworth high-pass, of quality `q`.
void high_pass(std::vector<double>& x, double q) {
  const double w = 2 * std::numbers::pi * kHighPass / kRate;
  const double alpha = std::sin(w) / (2 * q), cosine = std::cos(w);
  const double a0 = 1 + alpha, a1 = -2 * cosine / a0, a2 = (1 - alpha) / a0;
  const double b0 = (1 + cosine) / 2 / a0;
  double x1 = 0, x2 = 0, y1 = 0, y2 = 0;
  for (double& value : x) {
    const double y = b0 * (value - 2 * x1 + x2) - a1 * y1 - a2 * y2;
    x2 = x1;
    x1 = value;
    y2 = y1;
    y1 = y;
    value = y;
  }
}

// A sinc under a Blackman window.
std::vector<float> low_pass_taps(double cutoff) {
  constexpr int kHalf = 80;
  std::vector<float> taps;
  for (int n = -kHalf; n <= kHalf; ++n) {
    const double t = std::numbers::pi * n / (kHalf + 1);
    const double window = 0.42 + 0.5 * std::cos(t) + 0.08 * std::cos(2 * t);
    const double angle = 2 * std::numbers::pi * cutoff / kRate * n;
    const double sinc = n == 0 ? 1 : std::sin(angle) / angle;
    taps.push_back(static_cast<float>(window * 2 * cutoff / kRate * sinc));
  }
  return taps;
}

std::vector<float> low_pass(const std::vector<double>& x, double cutoff) {
  constexpr size_t kBlock = 16;  // outputs at a time, for the vector units
  const std::vector<float> taps = low_pass_taps(cutoff);
  const size_t half = taps.size() / 2;
  std::vector<float> padded(x.size() + 2 * half + kBlock);
  std::transform(x.begin(), x.end(), padded.begin() + static_cast<ptrdiff_t>(half),
                 [](double value) { return static_cast<float>(value); });
  std::vector<float> y;
  y.reserve(x.size() + kBlock);
  for (size_t start = 0; start < x.size(); start += kBlock) {
    std::array<float, kBlock> sums{};
    for (size_t k = 0; k < taps.size(); ++k) {
      const float* input = padded.data() + start + k;
      for (size_t j = 0; j < kBlock; ++j) sums[j] += taps[k] * input[j];
    }
    y.insert(y.end(), sums.begin(), sums.end());
  }
  y.resize(x.size());
  return y;
}

double mean_of(std::span<const float> samples) {
  return std::accumulate(samples.begin(), samples.end(), 0.0) / static_cast<double>(samples.size());
}

}  // namespace

int coding_rate(Channel channel) { return channel == Channel::kWideband ? 16000 : 8000; }

Waveform through_codec(const Waveform& prompt, Channel channel) {
  return channel == Channel::kWideband ? through_g722(prompt) : through_gsm(prompt);
}

Waveform limit_band(const Waveform& prompt, Channel channel) {
  const Waveform wide = resample(prompt, kRate);
  if (wide.samples.empty()) return wide;
  std::vector<double> x(wide.samples.begin(), wide.samples.end());
  const double mean = mean_of(wide.samples);
  for (double& value : x) value -= mean;
  constexpr int kOrder = 16;
  for (int section = 1; section < kOrder; section += 2) {
    high_pass(x, 0.5 / std::cos(section * std::numbers::pi / (2 * kOrder)));
  }
  return {low_pass(x, low_pass_of(channel)), kRate};
}

std::vector<float> trim_silence(std::span<const float> samples, int sample_rate) {
  const auto frame = static_cast<size_t>(sample_rate / 100);
  const size_t margin = 5 * frame;
  std::vector<double> energies;
  for (size_t start = 0; start + frame <= samples.size(); start += frame) {
    double energy = 0;
    for (const float value : samples.subspan(start, frame)) {
      energy += static_cast<double>(value) * value;
    }
    energies.push_back(energy);
  }
  if (energies.empty()) return {};
  const double loudest = *std::max_element(energies.begin(), energies.end());
  if (loudest == 0) return {};
  const double limit = loudest * std::pow(10.0, kTrimDecibels / 10);
  const auto loud = [&](double energy) { return energy >= limit; };
  const auto first = std::find_if(energies.begin(), energies.end(), loud);
  const auto last = std::find_if(energies.rbegin(), energies.rend(), loud);
  const size_t begin = static_cast<size_t>(first - energies.begin()) * frame;
  const size_t end = static_cast<size_t>(energies.rend() - last) * frame;
  std::vector<float> trimmed(end - begin + 2 * margin);
  const size_t from = begin > margin ? begin - margin : 0;
  const size_t to = std::min(samples.size(), end + margin);
  std::copy(samples.begin() + static_cast<ptrdiff_t>(from),
            samples.begin() + static_cast<ptrdiff_t>(to),
            trimmed.begin() + static_cast<ptrdiff_t>(from + margin - begin));
  return trimmed;
}

double draw_seconds(Random& random) { return random.uniform(3, 5); }

std::vector<int16_t> set_level(std::span<const float> samples, Random& random) {
  if (samples.empty()) return {};
  const double mean = mean_of(samples);
  double energy = 0, peak = 0;
  for (const float value : samples) {
    energy += (value - mean) * (value - mean);
    peak = std::max(peak, std::abs(value - mean));
  }
  const double rms = std::sqrt(energy / static_cast<double>(samples.size()));
  const double wanted = amplitude(random.uniform(-30, -22));
  const double gain = peak > 0 ? std::min(wanted / rms, kHighestPeak / peak) : 0;
  const double noise = amplitude(random.uniform(-72, -62));
  std::vector<int16_t> result;
  result.reserve(samples.size());
  for (const float value : samples) {
    const double x = gain * (value - mean) + noise * random.normal();
    result.push_back(static_cast<int16_t>(std::clamp(std::lround(32768 * x), -32768L, 32767L)));
  }
  return result;
}

}  // namespace bonafide
