#include "corpus/fft.h"

#include <bit>
#include <cmath>
#include <numbers>

#include "base/error.h"

namespace bonafide {

Fft::Fft(size_t size) : size_(size), reversed_(size), turns_(size / 2) {
  if (size < 2 || !std::has_single_bit(size)) throw Error("an FFT length is a power of two here");
  for (size_t i = 0; i < size; ++i) {
    reversed_[i] = reversed_[i / 2] / 2 + (i % 2 == 1 ? size / 2 : 0);
  }
  for (size_t k = 0; k < turns_.size(); ++k) {
    const double angle = -2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(size);
    turns_[k] = {static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle))};
  }
}

void Fft::run(std::span<std::complex<float>> x, float sign) const {
  for (size_t i = 0; i < size_; ++i) {
    if (i < reversed_[i]) std::swap(x[i], x[reversed_[i]]);
  }
  for (size_t half = 1; half < size_; half *= 2) {
    const size_t stride = size_ / (2 * half);
    for (size_t start = 0; start < size_; start += 2 * half) {
      for (size_t k = 0; k < half; ++k) {
        // Written out, because the standard's complex product checks for NaN.
        const std::complex<float> turn = turns_[k * stride];
        const float c = turn.real(), s = sign * turn.imag();
        const std::complex<float> odd = x[start + half + k];
        const std::complex<float> turned = {odd.real() * c - odd.imag() * s,
                                            odd.real() * s + odd.imag() * c};
        x[start + half + k] = x[start + k] - turned;
        x[start + k] += turned;
      }
    }
  }
}

void Fft::inverse(std::span<std::complex<float>> x) const {
  run(x, -1.0f);
  for (std::complex<float>& value : x) value /= static_cast<float>(size_);
}

}  // namespace bonafide
