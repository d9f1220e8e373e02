#include "metrics/auc.h"

namespace bonafide {

double auc(const Ranking& ranking) {
  double twice = 0;  // pairs won count 2, ties 1
  size_t negatives_below = 0;
  for_each_distinct(ranking, [&](double, size_t first, size_t last) {
    size_t positives = 0;
    for (size_t i = first; i < last; ++i) positives += ranking.positive(i) ? 1 : 0;
    const size_t negatives = last - first - positives;
    twice += static_cast<double>(positives) * static_cast<double>(2 * negatives_below + negatives);
    negatives_below += negatives;
  });
  return twice / 2 / static_cast<double>(ranking.positives()) /
         static_cast<double>(ranking.negatives());
}

}  // namespace bonafide
