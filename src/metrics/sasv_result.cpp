#include "metrics/sasv_result.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "metrics/breakdown.h"
#include "metrics/detector_trials.h"
#include "metrics/tandem_cost.h"
#include "metrics/verification_trials.h"

namespace bonafide {

namespace {

bool has(const Trials& trials, TrialClass wanted) {
  return std::find(trials.classes.begin(), trials.classes.end(), wanted) != trials.classes.end();
}

// The trials of target, nontarget and spoof one after another, as a ranking counts them.
std::vector<uint32_t> rows_by_class(const Trials& trials) {
  std::vector<uint32_t> rows;
  for (const TrialClass wanted :
       {TrialClass::kTarget, TrialClass::kNontarget, TrialClass::kSpoof}) {
    for (uint32_t i = 0; i < trials.size(); ++i) {
      if (trials.classes[i] == wanted) rows.push_back(i);
    }
  }
  return rows;
}

SasvIntervals intervals(const Trials& trials, const VerificationScores& scores,
                        const Ranking& ranking, const SasvOptions& options) {
  const auto copied = [](const WeightedRanking& r) { return r.ranking().with_copies(r.copies()); };
  const EerVariant variant = options.eer;
  const std::array<Statistic, 5> statistics = {
      [&](const WeightedRanking& r) { return equal_error_rate(variant, copied(r)).value; },
      [&](const WeightedRanking& r) {
        return equal_error_rate(variant, copied(r).without(2)).value;
      },
      [&](const WeightedRanking& r) {
        return equal_error_rate(variant, copied(r).without(1)).value;
      },
      [&](const WeightedRanking& r) { return min_agnostic_dcf(copied(r)).value; },
      [&](const WeightedRanking& r) {
        return min_agnostic_dcf(copied(r), kPaperAgnosticCosts).value;
      }};
  std::vector<uint8_t> classes(scores.target.size(), 0);
  classes.resize(classes.size() + scores.nontarget.size(), 1);
  classes.resize(classes.size() + scores.spoof.size(), 2);
  const auto resampler =
      make_resampler(options.resampling, classes, speakers_of(trials, rows_by_class(trials)));
  const auto order = ranking_order(
      {{"target", scores.target}, {"nontarget", scores.nontarget}, {"spoof", scores.spoof}});
  const auto result = bootstrap(ranking, *resampler, statistics,
                                {options.resamples, options.confidence, options.seed}, order);
  return {result[0], result[1], result[2], result[3], result[4]};
}

void add_tandem_figures(const Trials& trials, bool official, SasvResult& result) {
  const VerificationScores asv = verification_scores(trials, trials.asv_scores);
  const VerificationScores cm = verification_scores(trials, trials.cm_scores);
  const TandemScores pairs{
      {asv.target, cm.target}, {asv.nontarget, cm.nontarget}, {asv.spoof, cm.spoof}};
  result.tandem_eer = official ? official_tandem_eer(pairs) : tandem_eer(pairs);
  const DetectorScores detector = detector_scores(trials);
  result.min_tandem_dcf = min_tandem_dcf(Ranking(detector.bona_fide, detector.spoof),
                                         revised_tandem_weights(kAsvspoof5AsvRates))
                              .value;
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
  if (options.resamples > 0) result.intervals = intervals(trials, scores, ranking, options);
  if (!trials.asv_scores.empty() && !trials.cm_scores.empty()) {
    add_tandem_figures(trials, options.official, result);
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
    if (are_verification_trials(part)) row.result = evaluate_sasv(part, options);
    results.push_back(std::move(row));
  }
  return results;
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
  if (tandem_eer) {
    rows.push_back({"t-EER %", fmt::format("{:.4f}", 100 * tandem_eer->value),
                    fmt::format("thresholds {:.6g} (ASV), {:.6g} (CM)", tandem_eer->asv_threshold,
                                tandem_eer->cm_threshold)});
  }
  if (min_tandem_dcf) {
    rows.push_back(
        {"min t-DCF", fmt::format("{:.5f}", *min_tandem_dcf), "ASVspoof 5's ASV system"});
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
  }
  if (tandem_eer) {
    json["t_eer"] = {{"value", tandem_eer->value},
                     {"asv_threshold", tandem_eer->asv_threshold},
                     {"cm_threshold", tandem_eer->cm_threshold}};
  }
  if (min_tandem_dcf) json["min_tdcf_revised"] = *min_tandem_dcf;
  return json;
}

}  // namespace bonafide
