#pragma once

#include <cstdint>
#include <span>

#include "metrics/detection_cost.h"
#include "metrics/ranking.h"
#include "metrics/tandem_cost.h"

namespace bonafide {

// A resample of ranked trials: how often each rank was drawn. Nothing is sorted again.
class WeightedRanking {
 public:
  WeightedRanking(const Ranking& ranking, std::span<const uint32_t> copies);

  const Ranking& ranking() const { return *ranking_; }
  std::span<const uint32_t> copies() const { return copies_; }
  uint64_t positives() const { return positives_; }
  uint64_t negatives() const { return negatives_; }
  bool has_both_classes() const { return positives_ > 0 && negatives_ > 0; }

 private:
  const Ranking* ranking_;
  std::span<const uint32_t> copies_;
  uint64_t positives_ = 0;
  uint64_t negatives_ = 0;
};

// The rules of det.h, detection_cost.h and tandem_cost.h on a resample with both classes.
double weighted_det_eer(const WeightedRanking& trials);
double weighted_min_dcf(const WeightedRanking& trials, const DetectionCosts& costs = {});
double weighted_min_tandem_dcf(const WeightedRanking& trials, const TandemWeights& weights);
double weighted_cllr(const WeightedRanking& trials);

}  // namespace bonafide
