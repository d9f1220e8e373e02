#include "metrics/weighted_ranking.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "metrics/softplus.h"

namespace bonafide {

namespace {

// Minimum of constant + miss_weight * miss + false_alarm_weight * false_alarm. The cost is linear
// between the first and the last copy of a trial, so the ends are enough.
double minimum(const WeightedRanking& trials, double constant, double miss_weight,
               double false_alarm_weight) {
  const double per_miss = miss_weight / static_cast<double>(trials.positives());
  const double per_alarm = false_alarm_weight / static_cast<double>(trials.negatives());
  const Ranking& ranking = trials.ranking();
  double cost = false_alarm_weight;
  double best = cost;
  for (size_t rank = 0; rank < ranking.size(); ++rank) {
    const double copies = trials.copies()[rank];
    cost += copies * (ranking.positive(rank) ? per_miss : -per_alarm);
    best = std::min(best, cost);
  }
  return constant + best;
}

}  // namespace

WeightedRanking::WeightedRanking(const Ranking& ranking, std::span<const uint32_t> copies)
    : ranking_(&ranking), copies_(copies) {
  for (size_t rank = 0; rank < ranking.size(); ++rank) {
    counts_[ranking.class_of(rank)] += copies[rank];
  }
}

bool WeightedRanking::has_all_classes() const {
  for (size_t c = 0; c < counts_.size(); ++c) {
    if (counts_[c] == 0 && ranking_->count(c) > 0) return false;
  }
  return true;
}

double weighted_det_eer(const WeightedRanking& trials) {
  const Ranking& ranking = trials.ranking();
  const uint64_t positives = trials.positives();
  const uint64_t negatives = trials.negatives();
  uint64_t missed = 0;
  uint64_t accepted = negatives;
  // The first trial whose rejection, with all its copies, brings the miss rate to the false alarm
  // rate or above.
  size_t rank = 0;
  for (; rank < ranking.size(); ++rank) {
    const uint64_t copies = trials.copies()[rank];
    const uint64_t more = ranking.positive(rank) ? copies : 0;
    const uint64_t fewer = copies - more;
    if ((missed + more) * negatives >= (accepted - fewer) * positives) break;
    missed += more;
    accepted -= fewer;
  }
  // Within the copies: the last point below the crossing, and the next one.
  const auto rates_at = [&](uint64_t m, uint64_t a) {
    return std::pair(static_cast<double>(m) / static_cast<double>(positives),
                     static_cast<double>(a) / static_cast<double>(negatives));
  };
  uint64_t after_missed = missed;
  uint64_t after_accepted = accepted;
  if (ranking.positive(rank)) {
    after_missed = (accepted * positives + negatives - 1) / negatives;
    missed = after_missed == 0 ? 0 : after_missed - 1;
  } else {
    after_accepted = missed * negatives / positives;
    accepted = after_accepted + 1;
  }
  const auto [miss, alarm] = rates_at(missed, accepted);
  const auto [next_miss, next_alarm] = rates_at(after_missed, after_accepted);
  const bool first = std::abs(miss - alarm) <= std::abs(next_miss - next_alarm);
  return first ? (miss + alarm) / 2 : (next_miss + next_alarm) / 2;
}

double weighted_min_dcf(const WeightedRanking& trials, const DetectionCosts& costs) {
  const double miss = costs.miss * (1 - costs.negative_prior);
  const double false_alarm = costs.false_alarm * costs.negative_prior;
  return minimum(trials, 0, miss, false_alarm) / std::min(miss, false_alarm);
}

double weighted_min_tandem_dcf(const WeightedRanking& trials, const TandemWeights& weights) {
  return minimum(trials, weights.c0, weights.c1, weights.c2) /
         (weights.c0 + std::min(weights.c1, weights.c2));
}

double weighted_cllr(const WeightedRanking& trials) {
  const Ranking& ranking = trials.ranking();
  double bona_fide = 0;
  double spoof = 0;
  for (size_t rank = 0; rank < ranking.size(); ++rank) {
    const double copies = trials.copies()[rank];
    if (copies == 0) continue;
    if (ranking.positive(rank)) {
      bona_fide += copies * softplus(-ranking.score(rank));
    } else {
      spoof += copies * softplus(ranking.score(rank));
    }
  }
  return 0.5 *
         (bona_fide / static_cast<double>(trials.positives()) +
          spoof / static_cast<double>(trials.negatives())) /
         std::numbers::ln2;
}

}  // namespace bonafide
