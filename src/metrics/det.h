#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

#include "metrics/ranking.h"

namespace bonafide {

// One operating point of a detector.
struct DetPoint {
  size_t index = 0;        // how many trials are rejected, 0 .. number of trials
  double threshold = 0;    // the highest rejected score; below the lowest score at index 0
  double miss = 0;         // share of the positives that are rejected
  double false_alarm = 0;  // share of the negatives that are accepted
};

// The DET curve of the ASVspoof tools has one point per trial: point 0 accepts everything, point i
// rejects the i lowest-ranked trials. Ties are not merged, so inside a group of equal scores the
// curve passes through points that no threshold can reach; official numbers depend on it.
//
// Calls visit(index, miss, false_alarm) for every point. Each rate is one rounded division.
template <typename Visit>
void for_each_det_point(const Ranking& ranking, Visit visit) {
  const auto positives = static_cast<double>(ranking.positives());
  const auto negatives = static_cast<double>(ranking.negatives());
  size_t missed = 0;
  visit(size_t{0}, 0.0, 1.0);
  for (size_t i = 1; i <= ranking.size(); ++i) {
    missed += ranking.positive(i - 1) ? 1 : 0;
    const size_t accepted = ranking.negatives() - (i - missed);
    visit(i, static_cast<double>(missed) / positives, static_cast<double>(accepted) / negatives);
  }
}

// Threshold of the point with this index: the score of the last rejected trial, or the lowest score
// less `margin` for point 0.
inline double det_threshold(const Ranking& ranking, size_t index, double margin = 0.001) {
  return index == 0 ? ranking.score(0) - margin : ranking.score(index - 1);
}

// The whole curve, for inspection and small sets.
std::vector<DetPoint> det_curve(const Ranking& ranking);

// The curve without the points inside ties: what thresholds can reach, for plots.
std::vector<DetPoint> reachable_det_curve(const Ranking& ranking);

// The first point at which miss and false alarm rate are nearest to each other.
DetPoint closest_det_point(const Ranking& ranking);

}  // namespace bonafide
