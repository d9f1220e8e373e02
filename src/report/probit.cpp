#include "report/probit.h"

#include <cmath>
#include <numbers>

namespace bonafide {

namespace {

// Abramowitz and Stegun 26.2.23: off by less than 4.5e-4, for the lower half.
double rough_probit(double p) {
  const double t = std::sqrt(-2 * std::log(p));
  return (2.515517 + t * (0.802853 + t * 0.010328)) /
             (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) -
         t;
}

}  // namespace

double probit(double p) {
  if (p > 0.5) return -probit(1 - p);
  double x = rough_probit(p);
  for (int step = 0; step < 3; ++step) {  // Halley's method
    const double error = 0.5 * std::erfc(-x / std::numbers::sqrt2) - p;
    const double ratio = error * std::sqrt(2 * std::numbers::pi) * std::exp(x * x / 2);
    x -= ratio / (1 + x * ratio / 2);
  }
  return x;
}

}  // namespace bonafide
