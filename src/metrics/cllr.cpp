#include "metrics/cllr.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "metrics/roc_hull.h"
#include "metrics/softplus.h"

namespace bonafide {

namespace {

// Sums in blocks, so that rounding grows with the block and not with the number of trials.
template <typename Term>
double mean(std::span<const double> scores, Term term) {
  constexpr size_t kBlock = 512;
  double total = 0;
  for (size_t start = 0; start < scores.size(); start += kBlock) {
    double block = 0;
    for (const double s : scores.subspan(start, std::min(kBlock, scores.size() - start))) {
      block += term(s);
    }
    total += block;
  }
  return total / static_cast<double>(scores.size());
}

// exp of more is infinite.
const double kLargestExponent = std::log(std::numeric_limits<double>::max());

}  // namespace

double cllr(std::span<const double> positives, std::span<const double> negatives) {
  const double bona_fide = mean(positives, [](double s) { return softplus(-s); });
  const double spoof = mean(negatives, [](double s) { return softplus(s); });
  return 0.5 * (bona_fide + spoof) / std::numbers::ln2;
}

double official_cllr(std::span<const double> positives, std::span<const double> negatives) {
  const auto overflows = [](double s) { return std::isinf(std::exp(s)); };
  if (std::any_of(positives.begin(), positives.end(), [&](double s) { return overflows(-s); }) ||
      std::any_of(negatives.begin(), negatives.end(), overflows)) {
    return std::numeric_limits<double>::infinity();
  }
  return cllr(positives, negatives);
}

bool official_cllr_overflows(std::span<const double> positives, std::span<const double> negatives) {
  bool overflows = false;
  const auto scan = [&](std::span<const double> scores, double sign) {
    for (const double score : scores) {
      if (std::isinf(score) && sign * score > 0) return false;
      overflows = overflows || sign * score > kLargestExponent;
    }
    return true;
  };
  return scan(positives, -1) && scan(negatives, 1) && overflows;
}

double min_cllr(const Ranking& ranking) {
  // Every edge of the hull is one pool: its trials get the log-likelihood ratio of its slope.
  const auto hull = roc_convex_hull(ranking);
  const auto positives = static_cast<double>(ranking.positives());
  const auto negatives = static_cast<double>(ranking.negatives());
  double sum = 0;
  for (size_t i = 1; i < hull.size(); ++i) {
    const double miss = static_cast<double>(hull[i].missed - hull[i - 1].missed) / positives;
    const double alarm = static_cast<double>(hull[i - 1].accepted - hull[i].accepted) / negatives;
    if (miss == 0 || alarm == 0) continue;  // a pool of one class costs nothing
    const double llr = std::log(miss / alarm);
    sum += miss * softplus(-llr) + alarm * softplus(llr);
  }
  return 0.5 * sum / std::numbers::ln2;
}

}  // namespace bonafide
