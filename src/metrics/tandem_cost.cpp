#include "metrics/tandem_cost.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "metrics/det.h"
#include "metrics/eer.h"
#include "metrics/rates.h"

namespace bonafide {

namespace {

void check_weights(const TandemWeights& weights) {
  if (weights.c0 < 0 || weights.c1 < 0 || weights.c2 < 0) {
    throw Error(fmt::format(
        "t-DCF: negative weights (C0 {:.6g}, C1 {:.6g}, C2 {:.6g}); the ASV system is too poor for "
        "the cost model",
        weights.c0, weights.c1, weights.c2));
  }
}

void check_scores(const Ranking& cm) {
  if (cm.has_nan() || cm.has_infinity()) {
    throw Error(fmt::format("t-DCF: the CM scores hold {}", cm.has_nan() ? "NaN" : "infinity"));
  }
  size_t distinct = 0;
  for (size_t first = 0; first < cm.size() && distinct < 3; ++distinct) {
    const double score = cm.score(first);
    while (first < cm.size() && cm.score(first) == score) ++first;
  }
  if (distinct < 3) {
    throw Error(fmt::format(
        "t-DCF: only {} distinct CM scores; at least 3 are needed, decisions are no scores",
        distinct));
  }
}

Eer asv_eer(const VerificationSpans& scores) {
  return det_eer(Ranking({{"ASV target", scores.target}, {"ASV nontarget", scores.nontarget}}));
}

double of_spoofs(const std::optional<double>& rate) {
  if (!rate) throw Error("no ASV spoof trials: t-DCF needs at least one");
  return *rate;
}

}  // namespace

AsvRates asv_rates_at(const VerificationSpans& scores, double threshold) {
  if (scores.target.empty()) throw Error("no ASV target trials: t-DCF needs at least one");
  if (scores.nontarget.empty()) throw Error("no ASV nontarget trials: t-DCF needs at least one");
  AsvRates rates = {share_at_or_above(scores.nontarget, threshold),
                    share_below(scores.target, threshold)};
  if (scores.spoof.empty()) return rates;
  rates.spoof_miss = share_below(scores.spoof, threshold);
  rates.spoof_false_alarm = share_at_or_above(scores.spoof, threshold);
  return rates;
}

AsvRates asv_operating_point(const VerificationSpans& scores) {
  return asv_rates_at(scores, asv_eer(scores).threshold);
}

AsvSystem asv_system(const VerificationSpans& scores) {
  AsvSystem system{scores.target.size(), scores.nontarget.size(), scores.spoof.size()};
  for (const auto& [count, name] : {std::pair(system.target, "target"),
                                    {system.nontarget, "nontarget"},
                                    {system.spoof, "spoof"}}) {
    if (count == 0 && system.reason.empty()) system.reason = fmt::format("no ASV {} trials", name);
  }
  if (system.target == 0 || system.nontarget == 0) return system;
  system.eer = asv_eer(scores);
  system.rates = asv_rates_at(scores, system.eer->threshold);
  return system;
}

void check(const TandemCosts& costs) {
  const double sum = costs.target_prior + costs.nontarget_prior + costs.spoof_prior;
  if (costs.target_prior < 0 || costs.nontarget_prior < 0 || costs.spoof_prior < 0 ||
      !(std::abs(sum - 1) <= 1e-10)) {
    throw Error(fmt::format(
        "t-DCF: priors {:.6g} (target), {:.6g} (nontarget), {:.6g} (spoof); none may be negative "
        "and they must sum to 1",
        costs.target_prior, costs.nontarget_prior, costs.spoof_prior));
  }
}

TandemWeights legacy_tandem_weights(const AsvRates& asv, const TandemCosts& costs) {
  check(costs);
  return {0,
          costs.target_prior * (costs.miss_cm - costs.miss_asv * asv.miss) -
              costs.nontarget_prior * costs.false_alarm_asv * asv.false_alarm,
          costs.false_alarm_cm * costs.spoof_prior * (1 - of_spoofs(asv.spoof_miss))};
}

TandemWeights revised_tandem_weights(const AsvRates& asv, const TandemCosts& costs) {
  check(costs);
  const double c0 = costs.target_prior * costs.miss_asv * asv.miss +
                    costs.nontarget_prior * costs.false_alarm_asv * asv.false_alarm;
  return {c0, costs.target_prior * costs.miss_asv - c0,
          costs.spoof_prior * costs.false_alarm_cm * of_spoofs(asv.spoof_false_alarm)};
}

TandemCost min_tandem_dcf(const Ranking& cm, const TandemWeights& weights) {
  check_weights(weights);
  check_scores(cm);
  const double blind = weights.c0 + std::min(weights.c1, weights.c2);
  double best = std::numeric_limits<double>::infinity();
  size_t best_index = 0;
  for_each_det_point(cm, [&](size_t index, double miss, double false_alarm) {
    const double cost = (weights.c0 + weights.c1 * miss + weights.c2 * false_alarm) / blind;
    // A NaN, from 0/0, is numpy's first minimum.
    if (std::isnan(best) || !(cost < best || std::isnan(cost))) return;
    best = cost;
    best_index = index;
  });
  return {{best, det_threshold(cm, best_index)}, best_index};
}

}  // namespace bonafide
