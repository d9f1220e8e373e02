#include "metrics/detection_cost.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "metrics/det.h"
#include "metrics/rates.h"

namespace bonafide {

// The order of the operations below is the official tools' own: it decides the last bit.

Cost min_dcf(const Ranking& ranking, const DetectionCosts& costs) {
  const double positive_prior = 1 - costs.negative_prior;
  double best = std::numeric_limits<double>::infinity();
  size_t best_index = 0;
  for_each_det_point(ranking, [&](size_t index, double miss, double false_alarm) {
    const double cost =
        costs.miss * miss * positive_prior + costs.false_alarm * false_alarm * (1 - positive_prior);
    if (cost >= best) return;
    best = cost;
    best_index = index;
  });
  const double blind =
      std::min(costs.miss * positive_prior, costs.false_alarm * (1 - positive_prior));
  return {best / blind, det_threshold(ranking, best_index)};
}

Cost actual_dcf(std::span<const double> positives, std::span<const double> negatives,
                const DetectionCosts& costs) {
  const double miss_weight = costs.miss * (1 - costs.negative_prior);
  const double false_alarm_weight = costs.false_alarm * costs.negative_prior;
  const double threshold = -std::log(miss_weight / false_alarm_weight);
  const double cost = miss_weight * share_below(positives, threshold) +
                      false_alarm_weight * share_at_or_above(negatives, threshold);
  return {cost / std::min(false_alarm_weight, miss_weight), threshold};
}

Cost vox_min_dcf(const Ranking& ranking, double target_prior, double miss_cost,
                 double false_alarm_cost) {
  const auto positives = static_cast<double>(ranking.positives());
  const auto negatives = static_cast<double>(ranking.negatives());
  double best = std::numeric_limits<double>::infinity();
  double threshold = 0;
  size_t missed = 0;
  for (size_t i = 0; i < ranking.size(); ++i) {
    missed += ranking.positive(i) ? 1 : 0;
    const double miss = static_cast<double>(missed) / positives;
    const double false_alarm = 1 - static_cast<double>(i + 1 - missed) / negatives;
    const double cost =
        miss_cost * miss * target_prior + false_alarm_cost * false_alarm * (1 - target_prior);
    if (cost < best) {
      best = cost;
      threshold = ranking.score(i);
    }
  }
  const double blind = std::min(miss_cost * target_prior, false_alarm_cost * (1 - target_prior));
  return {best / blind, threshold};
}

}  // namespace bonafide
