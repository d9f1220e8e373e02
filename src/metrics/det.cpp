#include "metrics/det.h"

#include <limits>

namespace bonafide {

std::vector<DetPoint> det_curve(const Ranking& ranking) {
  std::vector<DetPoint> curve;
  curve.reserve(ranking.size() + 1);
  for_each_det_point(ranking, [&](size_t index, double miss, double false_alarm) {
    curve.push_back({index, det_threshold(ranking, index), miss, false_alarm});
  });
  return curve;
}

std::vector<DetPoint> reachable_det_curve(const Ranking& ranking) {
  std::vector<DetPoint> curve;
  for_each_det_point(ranking, [&](size_t index, double miss, double false_alarm) {
    const bool inside_tie =
        index > 0 && index < ranking.size() && ranking.score(index - 1) == ranking.score(index);
    if (inside_tie) return;
    curve.push_back({index, det_threshold(ranking, index), miss, false_alarm});
  });
  return curve;
}

DetPoint closest_det_point(const Ranking& ranking) {
  DetPoint best;
  double best_difference = std::numeric_limits<double>::infinity();
  for_each_det_point(ranking, [&](size_t index, double miss, double false_alarm) {
    const double difference = std::abs(miss - false_alarm);
    if (difference >= best_difference) return;
    best_difference = difference;
    best = {index, 0, miss, false_alarm};
  });
  best.threshold = det_threshold(ranking, best.index);
  return best;
}

}  // namespace bonafide
