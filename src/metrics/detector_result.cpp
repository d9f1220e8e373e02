#include "metrics/detector_result.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/json_value.h"
#include "base/text.h"
#include "metrics/auc.h"
#include "metrics/cllr.h"
#include "metrics/json_reasons.h"
#include "metrics/problem.h"
#include "metrics/score_health.h"

namespace bonafide {

namespace {

Json to_json(const Estimate& estimate) {
  Json json = {{"value", estimate.value}};
  if (estimate.interval) {
    json["low"] = estimate.interval->low;
    json["high"] = estimate.interval->high;
    json["resamples"] = estimate.interval->resamples;
  }
  return json;
}

Json or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

Json or_null(const std::optional<Estimate>& estimate) {
  return estimate ? to_json(*estimate) : Json();
}

std::vector<uint8_t> classes_by_rank(const Ranking& ranking) {
  std::vector<uint8_t> classes(ranking.size());
  for (size_t rank = 0; rank < ranking.size(); ++rank) classes[rank] = ranking.class_of(rank);
  return classes;
}

struct Sampling {
  std::unique_ptr<Resampler> resampler;
  std::vector<uint32_t> order;  // empty: the resampler draws ranks
};

Sampling make_sampling(const Ranking& ranking, std::span<const double> bona_fide,
                       std::span<const double> spoof, Resampling resampling,
                       const TrialSpeakers& speakers) {
  const auto classes = classes_by_rank(ranking);
  if (resampling == Resampling::kPlain || resampling == Resampling::kStratified) {
    return {make_resampler(resampling, classes, {}), {}};
  }
  return {make_resampler(resampling, classes, speakers),
          ranking_order({{"bona fide", bona_fide}, {"spoof", spoof}})};
}

// The figures with intervals, and how to compute them on a resample.
struct Resampled {
  std::vector<Statistic> statistics;
  std::vector<Estimate*> estimates;

  void add(Estimate& estimate, Statistic statistic) {
    estimates.push_back(&estimate);
    statistics.push_back(std::move(statistic));
  }
};

TandemWeights legacy_weights(const AsvSystem& asv) { return legacy_tandem_weights(*asv.rates); }

TandemWeights revised_weights(const AsvSystem& asv) { return revised_tandem_weights(*asv.rates); }

void add_tandem_dcf(const Ranking& ranking, const AsvSystem& asv, DetectorResult& result) {
  const auto minimum = [&](TandemWeights (*weights)(const AsvSystem&), const char* name) {
    std::optional<Estimate> estimate;
    const auto problem = problem_of([&] {
      if (!asv.rates) throw Error(asv.reason);
      estimate = Estimate{min_tandem_dcf(ranking, weights(asv)).value, {}};
    });
    if (problem) result.reasons[name] = *problem;
    return estimate;
  };
  result.asv = asv;
  result.legacy_tandem_dcf = minimum(legacy_weights, "min_tdcf_legacy");
  result.revised_tandem_dcf = minimum(revised_weights, "min_tdcf_revised");
}

void add_intervals(const Ranking& ranking, const Sampling& sampling, const DetectorOptions& options,
                   DetectorResult& result) {
  Resampled figures;
  if (options.eer == EerVariant::kDet) {
    figures.add(result.eer, weighted_det_eer);
  } else {
    figures.add(result.eer, [&](const WeightedRanking& r) {
      return equal_error_rate(options.eer, r.ranking().with_copies(r.copies())).value;
    });
  }
  figures.add(result.min_dcf,
              [&](const WeightedRanking& r) { return weighted_min_dcf(r, options.costs); });
  // An interval of finite values would say nothing of an infinite one.
  if (std::isfinite(result.cllr.value)) figures.add(result.cllr, weighted_cllr);
  if (result.legacy_tandem_dcf) {
    figures.add(*result.legacy_tandem_dcf,
                [w = legacy_weights(*options.asv)](const WeightedRanking& r) {
                  return weighted_min_tandem_dcf(r, w);
                });
  }
  if (result.revised_tandem_dcf) {
    figures.add(*result.revised_tandem_dcf,
                [w = revised_weights(*options.asv)](const WeightedRanking& r) {
                  return weighted_min_tandem_dcf(r, w);
                });
  }
  const auto intervals =
      bootstrap(ranking, *sampling.resampler, figures.statistics,
                {options.resamples, options.confidence, options.seed}, sampling.order);
  for (size_t i = 0; i < intervals.size(); ++i) figures.estimates[i]->interval = intervals[i];
}

}  // namespace

Json asv_json(const AsvSystem& asv) {
  Json json = {{"target_trials", asv.target},
               {"nontarget_trials", asv.nontarget},
               {"spoof_trials", asv.spoof},
               {"eer", asv.eer ? Json(asv.eer->value) : Json()},
               {"threshold", asv.eer ? Json(asv.eer->threshold) : Json()},
               {"miss", asv.rates ? Json(asv.rates->miss) : Json()},
               {"false_alarm", asv.rates ? Json(asv.rates->false_alarm) : Json()},
               {"spoof_miss", asv.rates ? or_null(asv.rates->spoof_miss) : Json()},
               {"spoof_false_alarm", asv.rates ? or_null(asv.rates->spoof_false_alarm) : Json()}};
  if (!asv.reason.empty()) json["reason"] = asv.reason;
  return json;
}

DetectorResult evaluate_detector(std::span<const double> bona_fide, std::span<const double> spoof,
                                 const DetectorOptions& options, const TrialSpeakers& speakers) {
  const Ranking ranking(bona_fide, spoof);
  if (ranking.has_nan()) throw Error("scores hold NaN");
  const ScoreHealth health = examine(ranking);

  DetectorResult result;
  result.bona_fide = bona_fide.size();
  result.spoof = spoof.size();
  result.variant = options.eer;
  const Eer eer = equal_error_rate(options.eer, ranking);
  result.eer.value = eer.value;
  result.eer_threshold = eer.threshold;
  result.tie_aware_eer = health.tie_aware_eer;
  const Cost cost = min_dcf(ranking, options.costs);
  result.min_dcf.value = cost.value;
  result.min_dcf_threshold = cost.threshold;
  result.actual_dcf = actual_dcf(bona_fide, spoof, options.costs).value;
  result.cllr.value = options.official ? official_cllr(bona_fide, spoof) : cllr(bona_fide, spoof);
  result.min_cllr = min_cllr(ranking);
  result.auc = auc(ranking);
  result.tied_trials = health.tied;
  result.warnings = warnings(health, ranking);
  if (!options.official && official_cllr_overflows(bona_fide, spoof)) {
    result.warnings.emplace_back(
        "Cllr is the right one: the ASVspoof 5 package overflows to inf, as --official does");
  }
  if (options.asv) add_tandem_dcf(ranking, *options.asv, result);
  if (options.resamples > 0) {
    const Sampling sampling =
        make_sampling(ranking, bona_fide, spoof, options.resampling, speakers);
    note_problem("intervals",
                 problem_of([&] { add_intervals(ranking, sampling, options, result); }),
                 result.warnings);
  }
  return result;
}

Json DetectorResult::to_json() const {
  Json json = {{"bona_fide_trials", bona_fide},
               {"spoof_trials", spoof},
               {"eer", bonafide::to_json(eer)},
               {"eer_variant", name_of(variant)},
               {"eer_threshold", eer_threshold},
               {"tie_aware_eer", tie_aware_eer},
               {"min_dcf", bonafide::to_json(min_dcf)},
               {"min_dcf_threshold", min_dcf_threshold},
               {"actual_dcf", actual_dcf},
               {"cllr_bits", bonafide::to_json(cllr)},
               {"min_cllr_bits", min_cllr},
               {"auc", auc},
               {"tied_trials", tied_trials}};
  if (asv) {
    json["asv"] = asv_json(*asv);
    json["min_tdcf_legacy"] = or_null(legacy_tandem_dcf);
    json["min_tdcf_revised"] = or_null(revised_tandem_dcf);
  }
  if (!reasons.empty()) json["reasons"] = reasons;
  explain_numbers_without_json(json);
  json["warnings"] = warnings;
  return json;
}

}  // namespace bonafide
