#pragma once

#include <array>
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
  uint64_t positives() const { return counts_[0]; }
  uint64_t negatives() const { return counts_[1] + counts_[2]; }
  // Whether every class of the ranking was drawn.
  bool has_all_classes() const;

 private:
  const Ranking* ranking_;
  std::span<const uint32_t> copies_;
  std::array<uint64_t, Ranking::kMaxClasses> counts_{};
};

// The rules of det.h, detection_cost.h and tandem_cost.h on a resample with both classes.
double weighted_det_eer(const WeightedRanking& trials);
double weighted_min_dcf(const WeightedRanking& trials, const DetectionCosts& costs = {});
double weighted_min_tandem_dcf(const WeightedRanking& trials, const TandemWeights& weights);
double weighted_cllr(const WeightedRanking& trials);

}  // namespace bonafide
