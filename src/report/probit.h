#pragma once

namespace bonafide {

// Quantile of the standard normal distribution, 0 < p < 1, to double precision.
double probit(double p);

}  // namespace bonafide
