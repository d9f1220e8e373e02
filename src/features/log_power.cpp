#include "features/log_power.h"

#include "base/error.h"

namespace bonafide {

namespace {

torch::Tensor make_window(const LogPowerOptions& o, const torch::TensorOptions& options) {
  const bool periodic = o.window.ends_with("-periodic");
  if (o.window.starts_with("blackman")) {
    return torch::blackman_window(o.window_length, periodic, options);
  }
  if (o.window.starts_with("hamming")) {
    return torch::hamming_window(o.window_length, periodic, options);
  }
  return torch::hann_window(o.window_length, periodic, options);
}

torch::Tensor repeated_to(const torch::Tensor& wave, int64_t length) {
  if (wave.numel() == 0) throw Error("a spectrogram needs at least one sample");
  if (wave.numel() >= length) return wave;
  return wave.repeat({length / wave.numel() + 1}).narrow(0, 0, length);
}

}  // namespace

std::vector<std::string> LogPowerOptions::keys() {
  return {"fft_length", "window_length", "hop_length", "window", "padding", "log_floor"};
}

void LogPowerOptions::read(const OptionReader& reader) {
  constexpr int64_t kLongest = 1 << 16;
  reader.integer("fft_length", fft_length, 2, kLongest);
  window_length = fft_length;
  reader.integer("window_length", window_length, 1, fft_length);
  reader.integer("hop_length", hop_length, 1, kLongest);
  reader.word("window", window,
              {"blackman-periodic", "blackman-symmetric", "hamming-periodic", "hamming-symmetric",
               "hann-periodic", "hann-symmetric"});
  reader.word("padding", padding, {"center-reflect", "none"});
  reader.number("log_floor", log_floor, 1e-300, 1e6);
}

torch::Tensor log_power_spectrogram(const torch::Tensor& wave, const LogPowerOptions& o) {
  const bool centred = o.padding == "center-reflect";
  const int64_t side = centred ? o.fft_length / 2 : 0;
  // Reflection does not repeat the outermost sample, so it needs one more than it adds.
  auto samples = repeated_to(wave, centred ? side + 1 : o.fft_length).view({1, 1, -1});
  if (side > 0) samples = torch::reflection_pad1d(samples, {side, side});
  const auto spectrum = torch::stft(samples.view({-1}), o.fft_length, o.hop_length, o.window_length,
                                    make_window(o, wave.options()), /*normalized=*/false,
                                    /*onesided=*/true, /*return_complex=*/true);
  return torch::view_as_real(spectrum).square_().sum(-1).add_(o.log_floor).log_();
}

}  // namespace bonafide
