#include "features/lfcc.h"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "base/error.h"

namespace bonafide {

namespace {

using std::numbers::pi;

// [T, window]: overlapping frames of the pre-emphasised waveform.
torch::Tensor frames_of(const torch::Tensor& wave, const LfccOptions& o) {
  const auto window = static_cast<int64_t>(o.window_milliseconds * o.sample_rate / 1000);
  const int64_t hop = window / 2;
  const int64_t length = wave.numel();
  if (length <= hop) {
    throw Error(fmt::format("{} samples: LFCCs need more than {}", length, hop));
  }
  const int64_t frames = (length - 1) / hop;  // the ceiling of (length - hop) / hop
  auto samples = wave.clone();
  samples.narrow(0, 1, length - 1).sub_(o.preemphasis * wave.narrow(0, 0, length - 1));
  samples = torch::constant_pad_nd(samples, {0, (frames - 1) * hop + window - length});
  return samples.unfold(0, window, hop) *
         torch::hamming_window(window, /*periodic=*/false, samples.options());
}

// [fft_length / 2 + 1, filters]: what each filter takes of each bin.
torch::Tensor triangles(const LfccOptions& o) {
  const int64_t bins = o.fft_length / 2 + 1;
  auto bank = torch::empty({bins, o.filters}, torch::kFloat64);
  auto values = bank.accessor<double, 2>();
  const double width = o.sample_rate / 2 / static_cast<double>(o.filters + 1);  // Hz
  for (int64_t b = 0; b < bins; ++b) {
    const double hertz = o.sample_rate * static_cast<double>(b) / static_cast<double>(o.fft_length);
    for (int64_t i = 0; i < o.filters; ++i) {
      const double centre = width * static_cast<double>(i + 1);
      values[b][i] = std::max(1.0 - std::abs(hertz - centre) / width, 0.0);
    }
  }
  return bank;
}

// The orthonormal DCT-II, [filters, filters]: rows are inputs, columns coefficients.
torch::Tensor cosines(int64_t size) {
  auto matrix = torch::empty({size, size}, torch::kFloat64);
  auto values = matrix.accessor<double, 2>();
  const auto n = static_cast<double>(size);
  for (int64_t i = 0; i < size; ++i) {
    for (int64_t k = 0; k < size; ++k) {
      const double angle = pi * static_cast<double>(k) * (static_cast<double>(i) + 0.5) / n;
      values[i][k] = std::sqrt((k == 0 ? 1.0 : 2.0) / n) * std::cos(angle);
    }
  }
  return matrix;
}

// sum over k of k * c[t + k], without division, the outermost frames repeated: [C, T] -> [C, T].
torch::Tensor deltas(const torch::Tensor& c, int64_t window) {
  const int64_t reach = window / 2;
  const int64_t frames = c.size(1);
  const auto padded = torch::cat(
      {c.narrow(1, 0, 1).expand({-1, reach}), c, c.narrow(1, frames - 1, 1).expand({-1, reach})},
      /*dim=*/1);
  auto sum = torch::zeros_like(c);
  for (int64_t k = -reach; k <= reach; ++k) {
    sum += static_cast<double>(k) * padded.narrow(1, reach + k, frames);
  }
  return sum;
}

}  // namespace

std::vector<std::string> LfccOptions::keys() {
  return {"sample_rate", "preemphasis", "window_milliseconds", "fft_length",
          "filters",     "log_floor",   "delta_window"};
}

void LfccOptions::read(const OptionReader& reader) {
  reader.number("sample_rate", sample_rate, 4000, 768000);
  reader.number("preemphasis", preemphasis, 0, 1);
  reader.number("window_milliseconds", window_milliseconds, 1, 1000);
  reader.integer("fft_length", fft_length, 2, 1 << 16);
  reader.integer("filters", filters, 1, 4096);
  reader.number("log_floor", log_floor, 1e-300, 1e6);
  reader.integer("delta_window", delta_window, 1, 99);
}

torch::Tensor lfcc(const torch::Tensor& wave, const LfccOptions& o) {
  const auto frames = frames_of(wave.to(torch::kFloat64), o);
  const auto spectrum = torch::fft_rfft(frames, o.fft_length);
  const auto power = torch::view_as_real(spectrum).square().sum(-1);
  const auto energies = torch::log10(torch::matmul(power, triangles(o)) + o.log_floor);
  const auto coefficients = torch::matmul(energies, cosines(o.filters)).t();
  const auto delta = deltas(coefficients, o.delta_window);
  return torch::cat({coefficients, delta, deltas(delta, o.delta_window)}, /*dim=*/0);
}

}  // namespace bonafide
