#pragma once

#include <span>

namespace bonafide {

// llr = scale * score + bias
struct AffineFit {
  double scale = 1;
  double bias = 0;
};

// Prior-weighted logistic regression (Brummer and du Preez, 2006): the scale and bias that minimise
// the cross entropy of the log-likelihood ratios when bona fide has the given prior. Perfectly
// separable scores would give an infinite scale: a small ridge on the scale of standardised scores
// keeps it finite. Throws Error for an empty side, or a score that is not finite.
AffineFit fit_affine_calibration(std::span<const double> bona_fide, std::span<const double> spoof,
                                 double prior = 0.5);

}  // namespace bonafide
