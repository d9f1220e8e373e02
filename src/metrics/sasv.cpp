#include "metrics/sasv.h"

#include <algorithm>
#include <limits>

#include "metrics/det.h"

namespace bonafide {

Ranking sasv_ranking(const VerificationSpans& scores) {
  return Ranking(
      {{"target", scores.target}, {"nontarget", scores.nontarget}, {"spoof", scores.spoof}});
}

SasvEers sasv_eers(const VerificationSpans& scores, EerVariant variant) {
  return sasv_eers(sasv_ranking(scores), variant);
}

SasvEers sasv_eers(const Ranking& ranking, EerVariant variant) {
  return {equal_error_rate(variant, ranking).value,
          equal_error_rate(variant, ranking.without(2)).value,
          equal_error_rate(variant, ranking.without(1)).value};
}

Cost min_agnostic_dcf(const VerificationSpans& scores, const AgnosticCosts& costs) {
  return min_agnostic_dcf(sasv_ranking(scores), costs);
}

Cost min_agnostic_dcf(const Ranking& ranking, const AgnosticCosts& costs) {
  const double miss_weight = costs.miss * costs.target_prior;
  const double nontarget_weight = costs.nontarget_accepted * costs.nontarget_prior;
  const double spoof_weight = costs.spoof_accepted * costs.spoof_prior;
  const auto share = [&](size_t part, size_t class_index) {
    return static_cast<double>(part) / static_cast<double>(ranking.count(class_index));
  };
  const double blind = std::min(nontarget_weight + spoof_weight, miss_weight);
  // Accept everything; then reject one trial more at a time.
  double best = (nontarget_weight + spoof_weight) / blind;
  size_t best_index = 0;
  size_t rejected[Ranking::kMaxClasses] = {};
  for (size_t rank = 0; rank < ranking.size(); ++rank) {
    ++rejected[ranking.class_of(rank)];
    const double cost = (miss_weight * share(rejected[0], 0) +
                         nontarget_weight * share(ranking.count(1) - rejected[1], 1) +
                         spoof_weight * share(ranking.count(2) - rejected[2], 2)) /
                        blind;
    if (cost < best) {
      best = cost;
      best_index = rank + 1;
    }
  }
  return {best, det_threshold(ranking, best_index, /*margin=*/1e-8)};
}

}  // namespace bonafide
