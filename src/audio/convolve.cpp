#include "audio/convolve.h"

#include <algorithm>
#include <bit>
#include <complex>

#include "audio/fft.h"

namespace bonafide {

namespace {

using Complex = std::complex<double>;

Complex product(Complex a, Complex b) {
  // Written out, because the standard's complex product checks for NaN.
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

// Large enough that little of a block is overlap, but no larger than the whole needs.
size_t transform_size(size_t x, size_t h) {
  const size_t whole = std::bit_ceil(x + h);
  return std::max<size_t>(2, std::min(whole, std::max<size_t>(1024, std::bit_ceil(8 * h))));
}

// The transform for one size is made once for each thread.
const FftDouble& transform(size_t size) {
  thread_local std::vector<FftDouble> made;
  for (const FftDouble& fft : made) {
    if (fft.size() == size) return fft;
  }
  constexpr size_t kKept = 8;
  if (made.size() == kKept) made.erase(made.begin());
  return made.emplace_back(size);
}

}  // namespace

std::vector<double> convolve(std::span<const double> x, std::span<const double> h, size_t first,
                             size_t count) {
  std::vector<double> part(count);
  if (x.empty() || h.empty()) return part;
  const size_t size = transform_size(x.size(), h.size());
  const FftDouble& fft = transform(size);
  const size_t hop = size - h.size() + 1;

  std::vector<Complex> response(size);
  std::copy(h.begin(), h.end(), response.begin());
  fft.forward(response);

  // h is real, so one block travels as the real part and the next as the imaginary one.
  std::vector<Complex> pair(size);
  const auto add = [&](size_t start, bool imaginary) {
    for (size_t i = 0; i < size; ++i) {
      const size_t at = start + i;
      if (at < first) continue;
      if (at - first >= count) break;
      part[at - first] += imaginary ? pair[i].imag() : pair[i].real();
    }
  };
  for (size_t start = 0; start < x.size(); start += 2 * hop) {
    std::fill(pair.begin(), pair.end(), Complex());
    for (size_t i = 0; i < hop && start + i < x.size(); ++i) {
      const size_t second = start + hop + i;
      pair[i] = {x[start + i], second < x.size() ? x[second] : 0.0};
    }
    fft.forward(pair);
    for (size_t k = 0; k < size; ++k) pair[k] = product(pair[k], response[k]);
    fft.inverse(pair);
    add(start, false);
    add(start + hop, true);
  }
  return part;
}

}  // namespace bonafide
