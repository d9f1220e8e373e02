#include "audio/fft.h"

#include <bit>
#include <cmath>
#include <numbers>

#include "base/error.h"

namespace bonafide {

template <typename T>
BasicFft<T>::BasicFft(size_t size) : size_(size), reversed_(size), turns_(size / 2) {
  if (size < 2 || !std::has_single_bit(size)) throw Error("an FFT length is a power of two here");
  for (size_t i = 0; i < size; ++i) {
    reversed_[i] = reversed_[i / 2] / 2 + (i % 2 == 1 ? size / 2 : 0);
  }
  for (size_t k = 0; k < turns_.size(); ++k) {
    const double angle = -2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(size);
    turns_[k] = {static_cast<T>(std::cos(angle)), static_cast<T>(std::sin(angle))};
  }
}

template <typename T>
void BasicFft<T>::run(std::span<std::complex<T>> x, T sign) const {
  for (size_t i = 0; i < size_; ++i) {
    if (i < reversed_[i]) std::swap(x[i], x[reversed_[i]]);
  }
  for (size_t half = 1; half < size_; half *= 2) {
    const size_t stride = size_ / (2 * half);
    for (size_t start = 0; start < size_; start += 2 * half) {
      for (size_t k = 0; k < half; ++k) {
        // Written out, because the standard's complex product checks for NaN.
        const std::complex<T> turn = turns_[k * stride];
        const T c = turn.real(), s = sign * turn.imag();
        const std::complex<T> odd = x[start + half + k];
        const std::complex<T> turned = {odd.real() * c - odd.imag() * s,
                                        odd.real() * s + odd.imag() * c};
        x[start + half + k] = x[start + k] - turned;
        x[start + k] += turned;
      }
    }
  }
}

template <typename T>
void BasicFft<T>::inverse(std::span<std::complex<T>> x) const {
  run(x, T{-1});
  for (std::complex<T>& value : x) value /= static_cast<T>(size_);
}

template class BasicFft<float>;
template class BasicFft<double>;

}  // namespace bonafide
