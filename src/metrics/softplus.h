#pragma once

#include <cmath>

namespace bonafide {

// ln(1 + exp(x)) without overflow.
inline double softplus(double x) {
  if (std::isnan(x)) return x;
  return (x > 0 ? x : 0) + std::log1p(std::exp(-std::abs(x)));
}

}  // namespace bonafide
