#pragma once

#include <span>
#include <vector>

namespace bonafide {

// Samples first .. first + count - 1 of the full convolution of x and h, zeros beyond its end, by
// overlapping blocks of FFTs in double. Empty x or h give zeros.
std::vector<double> convolve(std::span<const double> x, std::span<const double> h, size_t first,
                             size_t count);

}  // namespace bonafide
