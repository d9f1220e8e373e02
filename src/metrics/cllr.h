#pragma once

#include <span>

#include "metrics/ranking.h"

namespace bonafide {

// Cost of log-likelihood ratios (natural log) in bits: 0 for perfect ones, 1 for always answering
// 0. Finite for all finite scores, also where the official tool's exp overflows.
double cllr(std::span<const double> positives, std::span<const double> negatives);

// As the ASVspoof 5 package computes it: infinite when a wrong score passes 709.
double official_cllr(std::span<const double> positives, std::span<const double> negatives);

// Whether the two differ: a wrong score passes 709, but none is infinite.
bool official_cllr_overflows(std::span<const double> positives, std::span<const double> negatives);

// Cllr after the best monotone map of the scores (pool adjacent violators): what is left is
// discrimination; cllr - min_cllr is the loss by calibration.
double min_cllr(const Ranking& ranking);

}  // namespace bonafide
