#pragma once

#include <span>

#include "metrics/ranking.h"

namespace bonafide {

struct Cost {
  double value = 0;      // normalised: 1 is what a detector without scores reaches
  double threshold = 0;  // where it is reached
};

// Prior and costs of deciding bona fide (positive) or spoof; the defaults are ASVspoof 5 track 1.
struct DetectionCosts {
  double negative_prior = 0.05;
  double miss = 1;
  double false_alarm = 10;
};

// Minimum over the points of the DET curve (det.h); the first one wins.
Cost min_dcf(const Ranking& ranking, const DetectionCosts& costs = {});

// The cost at the threshold that is optimal when scores are log-likelihood ratios.
Cost actual_dcf(std::span<const double> positives, std::span<const double> negatives,
                const DetectionCosts& costs = {});

// The VoxCeleb trainers' minimum: without the point that accepts everything, so it may pass 1.
Cost vox_min_dcf(const Ranking& ranking, double target_prior, double miss_cost = 1,
                 double false_alarm_cost = 1);

}  // namespace bonafide
