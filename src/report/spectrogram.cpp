#include "report/spectrogram.h"

#include <png.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstdint>
#include <numbers>

#include "audio/fft.h"
#include "base/error.h"

namespace bonafide {

namespace {

constexpr size_t kWindow = 512;
constexpr size_t kBins = kWindow / 2;
constexpr size_t kMostColumns = 1600;
constexpr size_t kGap = 4;    // rows between two pictures
constexpr float kRange = 80;  // dB

struct Picture {
  size_t columns = 0;
  std::vector<float> decibels;  // columns x kBins
};

Picture analyse(const Waveform& waveform) {
  const auto& x = waveform.samples;
  const size_t hop = std::max<size_t>(128, x.size() / kMostColumns + 1);
  Picture picture{std::max<size_t>(1, (x.size() + hop - 1) / hop), {}};
  const Fft fft(kWindow);
  std::vector<std::complex<float>> frame(kWindow);
  for (size_t column = 0; column < picture.columns; ++column) {
    for (size_t i = 0; i < kWindow; ++i) {
      const size_t at = column * hop + i;  // less half the window
      const bool inside = at >= kWindow / 2 && at - kWindow / 2 < x.size();
      const float sample = inside ? x[at - kWindow / 2] : 0;
      const float turn = 2 * std::numbers::pi_v<float> * static_cast<float>(i) / kWindow;
      frame[i] = std::isfinite(sample) ? sample * (0.5f - 0.5f * std::cos(turn)) : 0.0f;
    }
    fft.forward(frame);
    for (size_t k = 0; k < kBins; ++k) {
      picture.decibels.push_back(10 * std::log10(std::norm(frame[k]) + 1e-12f));
    }
  }
  return picture;
}

// Black, violet, red, yellow, white: brighter all the way.
std::array<uint8_t, 3> colour(float share) {
  static constexpr float kStops[5][3] = {
      {0, 0, 4}, {87, 16, 110}, {188, 55, 84}, {249, 142, 9}, {252, 255, 235}};
  const float place = std::clamp(share, 0.0f, 1.0f) * 4;
  const auto stop = std::min<size_t>(3, static_cast<size_t>(place));
  std::array<uint8_t, 3> rgb{};
  for (size_t c = 0; c < 3; ++c) {
    const float mixed = kStops[stop][c] + (place - static_cast<float>(stop)) *
                                              (kStops[stop + 1][c] - kStops[stop][c]);
    rgb[c] = static_cast<uint8_t>(mixed);
  }
  return rgb;
}

std::string encode(const std::vector<uint8_t>& pixels, size_t width, size_t height) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(width);
  image.height = static_cast<png_uint_32>(height);
  image.format = PNG_FORMAT_RGB;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::string bytes(size, '\0');
  if (png_image_write_to_memory(&image, bytes.data(), &size, 0, pixels.data(), 0, nullptr) == 0) {
    throw Error(std::string("cannot draw a spectrogram: ") + image.message);
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace

std::string spectrogram_png(const std::vector<const Waveform*>& waveforms) {
  std::vector<Picture> pictures;
  size_t width = 1;
  float loudest = -120;
  for (const Waveform* waveform : waveforms) {
    pictures.push_back(analyse(*waveform));
    width = std::max(width, pictures.back().columns);
    for (const float value : pictures.back().decibels) loudest = std::max(loudest, value);
  }
  if (pictures.empty()) throw Error("no waveform to draw a spectrogram of");
  const size_t height = pictures.size() * (kBins + kGap) - kGap;
  std::vector<uint8_t> pixels(3 * width * height, 128);
  for (size_t p = 0; p < pictures.size(); ++p) {
    const size_t bottom = p * (kBins + kGap) + kBins - 1;
    for (size_t column = 0; column < pictures[p].columns; ++column) {
      for (size_t k = 0; k < kBins; ++k) {
        const float value = pictures[p].decibels[column * kBins + k];
        const auto rgb = colour(1 + (value - loudest) / kRange);
        std::copy(rgb.begin(), rgb.end(),
                  pixels.begin() + static_cast<ptrdiff_t>(3 * ((bottom - k) * width + column)));
      }
    }
  }
  return encode(pixels, width, height);
}

}  // namespace bonafide
