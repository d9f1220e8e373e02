#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace bonafide {

// s = weights . x + bias.
struct LinearMap {
  std::vector<double> weights;
  double bias = 0;

  double operator()(std::span<const double> x) const;
};

struct LogisticOptions {
  double positive_weight = 1;  // of each positive trial's loss
  double negative_weight = 1;
  double offset = 0;  // added to s inside the loss only
  double l2 = 0;      // half the sum of squares of the weights counts this much; the bias is free
};

// Minimises the weighted sum of log-losses of the labels, by Newton's method to the last digits.
// `features`: one row of `positive.size()` rows after another. Throws Error for a missing class,
// and when no finite minimum exists: without l2, classes that a straight line separates.
LinearMap fit_logistic(std::span<const double> features, std::span<const uint8_t> positive,
                       const LogisticOptions& options);

// Calibration and linear fusion to log-likelihood ratios: each class counts as a whole by `prior`
// (of positives), whatever its number of trials (Brummer and du Preez, "Application-independent
// evaluation of speaker detection", Computer Speech and Language 2006).
LinearMap fit_calibration(std::span<const double> features, std::span<const uint8_t> positive,
                          double prior);

}  // namespace bonafide
