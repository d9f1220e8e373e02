#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

namespace bonafide {

// The discrete Fourier transform of a power-of-two length, in place.
class Fft {
 public:
  explicit Fft(size_t size);

  size_t size() const { return size_; }
  void forward(std::span<std::complex<float>> x) const { run(x, 1.0f); }
  // The inverse, with its factor 1 / size.
  void inverse(std::span<std::complex<float>> x) const;

 private:
  void run(std::span<std::complex<float>> x, float sign) const;

  size_t size_;
  std::vector<size_t> reversed_;            // bit-reversed indices
  std::vector<std::complex<float>> turns_;  // exp(-2 pi i k / size)
};

}  // namespace bonafide
