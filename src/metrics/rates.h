#pragma once

#include <algorithm>
#include <span>

namespace bonafide {

// Shares of the scores on one side of a threshold; neither side holds a NaN.
inline double share_below(std::span<const double> scores, double threshold) {
  const auto below =
      std::count_if(scores.begin(), scores.end(), [&](double s) { return s < threshold; });
  return static_cast<double>(below) / static_cast<double>(scores.size());
}

inline double share_at_or_above(std::span<const double> scores, double threshold) {
  const auto above =
      std::count_if(scores.begin(), scores.end(), [&](double s) { return s >= threshold; });
  return static_cast<double>(above) / static_cast<double>(scores.size());
}

}  // namespace bonafide
