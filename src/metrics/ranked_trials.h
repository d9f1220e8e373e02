#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

#include "metrics/ranking.h"
#include "metrics/weighted_ranking.h"

namespace bonafide {

// Trials that are ranked once and then resampled often. A resample counts the copies of each trial
// in the order of the classes, so that one draw serves several systems.
class RankedTrials {
 public:
  explicit RankedTrials(std::initializer_list<ScoredClass> classes,
                        EmptyClasses empty = EmptyClasses::kRefused)
      : ranking_(classes, empty), order_(ranking_order(classes)), by_rank_(ranking_.size()) {}

  const Ranking& ranking() const { return ranking_; }

  // Valid until the next call.
  WeightedRanking resample(std::span<const uint32_t> copies) {
    for (size_t rank = 0; rank < order_.size(); ++rank) by_rank_[rank] = copies[order_[rank]];
    return WeightedRanking(ranking_, by_rank_);
  }

 private:
  Ranking ranking_;
  std::vector<uint32_t> order_;
  std::vector<uint32_t> by_rank_;
};

}  // namespace bonafide
