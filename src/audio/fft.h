#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

namespace bonafide {

// The discrete Fourier transform of a power-of-two length, in place, in float or double.
template <typename T>
class BasicFft {
 public:
  // Throws Error for a size that is no power of two, or under 2.
  explicit BasicFft(size_t size);

  size_t size() const { return size_; }
  void forward(std::span<std::complex<T>> x) const { run(x, T{1}); }
  // The inverse, with its factor 1 / size.
  void inverse(std::span<std::complex<T>> x) const;

 private:
  void run(std::span<std::complex<T>> x, T sign) const;

  size_t size_;
  std::vector<size_t> reversed_;        // bit-reversed indices
  std::vector<std::complex<T>> turns_;  // exp(-2 pi i k / size)
};

using Fft = BasicFft<float>;
using FftDouble = BasicFft<double>;

}  // namespace bonafide
