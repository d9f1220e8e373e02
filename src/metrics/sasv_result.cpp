#include "metrics/sasv_result.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>

#include "base/error.h"
#include "metrics/breakdown.h"
#include "metrics/detector_trials.h"
#include "metrics/ranked_trials.h"
#include "metrics/tandem_cost.h"
#include "metrics/verification_trials.h"

namespace bonafide {

namespace {

bool has(const Trials& trials, TrialClass wanted) {
  return std::find(trials.classes.begin(), trials.classes.end(), wanted) != trials.classes.end();
}

// A figure of a single score's ranking of targets, nontargets and spoofs.
struct SasvFigure {
  std::string_view name;
  double (*value)(const Ranking& ranking, EerVariant variant);

  Statistic resampled(EerVariant variant) const {
    return [variant, figure = value](const WeightedRanking& r) {
      return figure(r.ranking().with_copies(r.copies()), variant);
    };
  }
};

constexpr std::array<SasvFigure, 5> kSasvFigures = {{
    {"sasv_eer", [](const Ranking& r, EerVariant v) { return equal_error_rate(v, r).value; }},
    {"sv_eer",
     [](const Ranking& r, EerVariant v) { return equal_error_rate(v, r.without(2)).value; }},
    {"spf_eer",
     [](const Ranking& r, EerVariant v) { return equal_error_rate(v, r.without(1)).value; }},
    {"a_dcf_asvspoof5", [](const Ranking& r, EerVariant) { return min_agnostic_dcf(r).value; }},
    {"a_dcf1",
     [](const Ranking& r, EerVariant) { return min_agnostic_dcf(r, kPaperAgnosticCosts).value; }},
}};

RankedTrials ranked(const VerificationScores& scores) {
  return RankedTrials(
      {{"target", scores.target}, {"nontarget", scores.nontarget}, {"spoof", scores.spoof}});
}

BootstrapOptions bootstrap_options(const SasvOptions& options) {
  return {options.resamples, options.confidence, options.seed};
}

SasvIntervals intervals(const VerificationScores& scores, const Ranking& ranking,
                        const Resampler& resampler, const SasvOptions& options) {
  std::vector<Statistic> statistics;
  for (const SasvFigure& figure : kSasvFigures) {
    statistics.push_back(figure.resampled(options.eer));
  }
  const auto order = ranking_order(
      {{"target", scores.target}, {"nontarget", scores.nontarget}, {"spoof", scores.spoof}});
  const auto result = bootstrap(ranking, resampler, statistics, bootstrap_options(options), order);
  return {result[0], result[1], result[2], result[3], result[4], {}, {}};
}

// ASV and CM scores of the same trials.
struct Tandem {
  explicit Tandem(const Trials& trials)
      : asv(verification_scores(trials, trials.asv_scores)),
        cm(verification_scores(trials, trials.cm_scores)),
        bona_fide_cm(cm.target) {
    bona_fide_cm.insert(bona_fide_cm.end(), cm.nontarget.begin(), cm.nontarget.end());
  }

  RankedTrials ranked_asv() const { return ranked(asv); }
  RankedTrials ranked_cm() const {
    return RankedTrials({{"bona fide", bona_fide_cm}, {"spoof", cm.spoof}});
  }

  VerificationScores asv;
  VerificationScores cm;
  std::vector<double> bona_fide_cm;
};

TandemEer tandem_eer_of(const Ranking& asv, const Ranking& cm, bool official) {
  return official ? official_tandem_eer(asv, cm) : tandem_eer(asv, cm);
}

// Each draw counts the same trials in the ranking of the ASV and in that of the CM scores.
void add_tandem_intervals(RankedTrials& asv, RankedTrials& cm, const Resampler& resampler,
                          const TandemWeights& weights, const SasvOptions& options,
                          SasvResult& result) {
  std::vector<double> eers;
  std::vector<double> costs;
  std::vector<uint32_t> copies(asv.ranking().size());
  for (size_t i = 0; i < options.resamples; ++i) {
    Random random(options.seed, i);
    resampler.draw(random, copies);
    const WeightedRanking asv_trials = asv.resample(copies);
    const WeightedRanking cm_trials = cm.resample(copies);
    if (!asv_trials.has_all_classes()) continue;
    if (result.min_tandem_dcf) costs.push_back(weighted_min_tandem_dcf(cm_trials, weights));
    if (!result.tandem_eer) continue;
    eers.push_back(tandem_eer_of(asv.ranking().with_copies(asv_trials.copies()),
                                 cm.ranking().with_copies(cm_trials.copies()), options.official)
                       .value);
  }
  SasvIntervals& intervals = *result.intervals;
  if (result.tandem_eer) {
    intervals.tandem_eer = percentile_interval(std::move(eers), options.confidence);
  }
  if (result.min_tandem_dcf) {
    intervals.min_tandem_dcf = percentile_interval(std::move(costs), options.confidence);
  }
}

void add_tandem_figures(const Trials& trials, const Resampler* resampler,
                        const SasvOptions& options, SasvResult& result) {
  const Tandem tandem(trials);
  RankedTrials asv = tandem.ranked_asv();
  RankedTrials cm = tandem.ranked_cm();
  const TandemWeights weights = revised_tandem_weights(kAsvspoof5AsvRates);
  const auto attempt = [&](std::string_view figure, const std::function<void()>& compute) {
    const auto problem = problem_of(compute);
    if (problem) result.warnings.push_back(fmt::format("no {}: {}", figure, *problem));
  };
  attempt("t-EER", [&] {
    result.tandem_eer = tandem_eer_of(asv.ranking(), cm.ranking(), options.official);
    if (options.official) return;
    const double official = official_tandem_eer(asv.ranking(), cm.ranking()).value;
    if (official == result.tandem_eer->value) return;
    result.warnings.push_back(
        fmt::format("t-EER is the right one: the ASVspoof 5 package, on thinned curves, finds "
                    "{:.4f} %, as --official does",
                    100 * official));
  });
  attempt("min t-DCF",
          [&] { result.min_tandem_dcf = min_tandem_dcf(cm.ranking(), weights).value; });
  if (resampler != nullptr) {
    add_tandem_intervals(asv, cm, *resampler, weights, options, result);
  }
}

}  // namespace

bool are_verification_trials(const Trials& trials) {
  return has(trials, TrialClass::kTarget) && has(trials, TrialClass::kNontarget) &&
         has(trials, TrialClass::kSpoof) && !has(trials, TrialClass::kBonaFide);
}

SasvResult evaluate_sasv(const Trials& trials, const SasvOptions& options) {
  const VerificationScores scores = verification_scores(trials, only_scores(trials));
  const Ranking ranking = sasv_ranking(scores);
  SasvResult result;
  result.target = scores.target.size();
  result.nontarget = scores.nontarget.size();
  result.spoof = scores.spoof.size();
  result.eers = sasv_eers(ranking, options.eer);
  result.asvspoof5 = min_agnostic_dcf(ranking);
  result.paper = min_agnostic_dcf(ranking, kPaperAgnosticCosts);
  std::unique_ptr<Resampler> resampler;
  if (options.resamples > 0) {
    resampler = make_resampler(options.resampling, scores.classes(), speakers_by_class(trials));
    result.intervals = intervals(scores, ranking, *resampler, options);
  }
  if (!trials.asv_scores.empty() && !trials.cm_scores.empty()) {
    add_tandem_figures(trials, resampler.get(), options, result);
  }
  return result;
}

std::vector<SasvCondition> evaluate_sasv_by(const Trials& trials, const Factor& factor,
                                            const SasvOptions& options) {
  std::vector<SasvCondition> results;
  for (const Condition& condition : conditions(trials, factor)) {
    const Trials part =
        trials.filter([&](size_t i) { return selects(condition, factor, i, trials.classes[i]); });
    SasvCondition row{condition.value, {}};
    if (are_verification_trials(part)) {
      row.problem = problem_of([&] { row.result = evaluate_sasv(part, options); }).value_or("");
    }
    results.push_back(std::move(row));
  }
  return results;
}

CrossTable cross_sasv_eers(const Trials& trials, const Factor& row_factor,
                           const Factor& column_factor, EerVariant variant) {
  const std::vector<double>& column = only_scores(trials);
  return cross(trials, row_factor, column_factor, [&](const std::vector<Selection>& cell) {
    const VerificationScores scores = verification_scores(trials, column, cell);
    if (!scores.complete()) return std::numeric_limits<double>::quiet_NaN();
    return sasv_eers(scores, variant).sasv;
  });
}

Comparison compare_sasv(const Trials& first, const Trials& second, const SasvOptions& options,
                        std::optional<double> threshold) {
  if (first.classes != second.classes) {
    throw Error("a comparison needs the same trials of both systems");
  }
  const VerificationScores one = verification_scores(first, only_scores(first));
  const VerificationScores other = verification_scores(second, only_scores(second));
  RankedTrials one_ranked = ranked(one);
  RankedTrials other_ranked = ranked(other);
  std::vector<ComparedFigure> figures;
  for (const SasvFigure& figure : kSasvFigures) {
    figures.push_back({std::string(figure.name), figure.value(one_ranked.ranking(), options.eer),
                       figure.value(other_ranked.ranking(), options.eer),
                       figure.resampled(options.eer)});
  }
  const auto resampler =
      make_resampler(options.resampling, one.classes(), speakers_by_class(first));
  const std::vector<double> one_rejected = one.not_target();
  const std::vector<double> other_rejected = other.not_target();
  return {
      compare_figures(one_ranked, other_ranked, figures, *resampler, bootstrap_options(options)),
      compare_decisions({one.target, one_rejected},
                        threshold.value_or(eer_threshold(one_ranked.ranking())),
                        {other.target, other_rejected},
                        threshold.value_or(eer_threshold(other_ranked.ranking())))};
}

std::vector<SasvResult::Row> SasvResult::rows() const {
  const auto range = [](const Interval& i, double factor, int decimals) {
    return fmt::format("[{:.{}f}, {:.{}f}]", factor * i.low, decimals, factor * i.high, decimals);
  };
  const auto eer = [&](const char* name, double value, Interval SasvIntervals::*interval) {
    return Row{name, fmt::format("{:.4f}", 100 * value),
               intervals ? range((*intervals).*interval, 100, 4) : ""};
  };
  const auto dcf = [&](const char* name, const Cost& cost, Interval SasvIntervals::*interval) {
    return Row{
        name, fmt::format("{:.5f}", cost.value),
        fmt::format("{}threshold {:.6g}",
                    intervals ? range((*intervals).*interval, 1, 5) + " " : "", cost.threshold)};
  };
  std::vector<Row> rows = {eer("SASV-EER %", eers.sasv, &SasvIntervals::sasv),
                           eer("SV-EER %", eers.sv, &SasvIntervals::sv),
                           eer("SPF-EER %", eers.spf, &SasvIntervals::spf),
                           dcf("a-DCF (ASVspoof 5)", asvspoof5, &SasvIntervals::asvspoof5),
                           dcf("a-DCF1", paper, &SasvIntervals::paper)};
  const auto optional_range = [&](std::optional<Interval> SasvIntervals::*interval, double factor,
                                  int decimals) {
    return intervals && (*intervals).*interval
               ? range(*((*intervals).*interval), factor, decimals) + " "
               : "";
  };
  if (tandem_eer) {
    rows.push_back({"t-EER %", fmt::format("{:.4f}", 100 * tandem_eer->value),
                    fmt::format("{}thresholds {:.6g} (ASV), {:.6g} (CM)",
                                optional_range(&SasvIntervals::tandem_eer, 100, 4),
                                tandem_eer->asv_threshold, tandem_eer->cm_threshold)});
  }
  if (min_tandem_dcf) {
    rows.push_back(
        {"min t-DCF", fmt::format("{:.5f}", *min_tandem_dcf),
         optional_range(&SasvIntervals::min_tandem_dcf, 1, 5) + "ASVspoof 5's ASV system"});
  }
  return rows;
}

std::string SasvResult::text() const {
  std::string text;
  for (const Row& row : rows()) {
    text += fmt::format("{:<18}{:>12}{}{}\n", row.name, row.value, row.note.empty() ? "" : "  ",
                        row.note);
  }
  return text;
}

Json SasvResult::to_json() const {
  const auto cost = [](const Cost& c) {
    return Json{{"value", c.value}, {"threshold", c.threshold}};
  };
  Json json = {{"target_trials", target},
               {"nontarget_trials", nontarget},
               {"spoof_trials", spoof},
               {"sasv_eer", eers.sasv},
               {"sv_eer", eers.sv},
               {"spf_eer", eers.spf},
               {"a_dcf_asvspoof5", cost(asvspoof5)},
               {"a_dcf1", cost(paper)}};
  if (intervals) {
    const auto interval = [](const Interval& i) {
      return Json{{"low", i.low}, {"high", i.high}, {"resamples", i.resamples}};
    };
    json["intervals"] = {{"sasv_eer", interval(intervals->sasv)},
                         {"sv_eer", interval(intervals->sv)},
                         {"spf_eer", interval(intervals->spf)},
                         {"a_dcf_asvspoof5", interval(intervals->asvspoof5)},
                         {"a_dcf1", interval(intervals->paper)}};
    if (intervals->tandem_eer) json["intervals"]["t_eer"] = interval(*intervals->tandem_eer);
    if (intervals->min_tandem_dcf) {
      json["intervals"]["min_tdcf_revised"] = interval(*intervals->min_tandem_dcf);
    }
  }
  if (tandem_eer) {
    json["t_eer"] = {{"value", tandem_eer->value},
                     {"asv_threshold", tandem_eer->asv_threshold},
                     {"cm_threshold", tandem_eer->cm_threshold}};
  }
  if (min_tandem_dcf) json["min_tdcf_revised"] = *min_tandem_dcf;
  json["warnings"] = warnings;
  return json;
}

}  // namespace bonafide
