#include "metrics/sasv_result.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <memory>

#include "base/error.h"
#include "base/json_value.h"
#include "metrics/breakdown.h"
#include "metrics/json_reasons.h"
#include "metrics/problem.h"
#include "metrics/sasv_tandem.h"
#include "metrics/verification_trials.h"

namespace bonafide {

namespace {

BootstrapOptions bootstrap_options(const SasvOptions& options) {
  return {options.resamples, options.confidence, options.seed};
}

void add_intervals(const VerificationScores& scores, const Ranking& ranking,
                   const Resampler& resampler, const SasvOptions& options,
                   std::vector<SasvFigure>& figures) {
  std::vector<Statistic> statistics;
  std::vector<SasvFigure*> estimated;
  for (size_t i = 0; i < figures.size(); ++i) {
    if (!figures[i].value) continue;
    statistics.push_back(sasv_rules()[i].resampled(options.eer));
    estimated.push_back(&figures[i]);
  }
  const auto order = ranking_order(
      {{"target", scores.target}, {"nontarget", scores.nontarget}, {"spoof", scores.spoof}});
  const auto result = bootstrap(ranking, resampler, statistics, bootstrap_options(options), order);
  for (size_t i = 0; i < result.size(); ++i) estimated[i]->interval = result[i];
}

Json interval_json(const Interval& interval) {
  return {{"low", interval.low}, {"high", interval.high}, {"resamples", interval.resamples}};
}

Json figure_json(const SasvFigure& figure) {
  if (!figure.value) return nullptr;
  if (figure.details.is_null()) return *figure.value;
  Json json = {{"value", *figure.value}};
  json.update(figure.details);
  return json;
}

const SasvFigure* first_of(const std::vector<SasvFigure>& figures, bool rate) {
  const auto single_scores =
      std::span(figures).first(std::min(figures.size(), sasv_rules().size()));
  const auto found =
      std::find_if(single_scores.begin(), single_scores.end(),
                   [&](const SasvFigure& f) { return f.rate == rate && f.value.has_value(); });
  return found == single_scores.end() ? nullptr : &*found;
}

}  // namespace

SasvResult evaluate_sasv(const Trials& trials, const SasvOptions& options) {
  const VerificationScores scores = verification_scores(trials, only_scores(trials));
  const RankedTrials all = ranked(scores);
  if (all.ranking().has_nan()) throw Error("scores hold NaN");
  SasvResult result;
  result.target = scores.target.size();
  result.nontarget = scores.nontarget.size();
  result.spoof = scores.spoof.size();
  for (const SasvRule& rule : sasv_rules()) {
    result.figures.push_back(rule.figure(all.ranking(), options.eer));
  }
  std::unique_ptr<Resampler> resampler;
  if (options.resamples > 0) {
    resampler = make_resampler(options.resampling, scores.classes(), speakers_by_class(trials));
  }
  const auto add_all_intervals = [&] {
    add_intervals(scores, all.ranking(), *resampler, options, result.figures);
  };
  if (resampler) note_problem("intervals", problem_of(add_all_intervals), result.warnings);
  if (!trials.asv_scores.empty() && !trials.cm_scores.empty()) {
    auto tandem = tandem_figures(trials, resampler.get(), options, result.warnings);
    std::move(tandem.begin(), tandem.end(), std::back_inserter(result.figures));
  }
  return result;
}

std::vector<SasvCondition> evaluate_sasv_by(const Trials& trials, const Factor& factor,
                                            const SasvOptions& options) {
  std::vector<SasvCondition> results;
  for (const Condition& condition : conditions(trials, factor)) {
    const Trials part =
        trials.filter([&](size_t i) { return selects(condition, factor, i, trials.classes[i]); });
    results.push_back({condition.value, evaluate_sasv(part, options)});
  }
  return results;
}

CrossTable cross_sasv_eers(const Trials& trials, const Factor& row_factor,
                           const Factor& column_factor, std::string_view rate, EerVariant variant) {
  const auto rules = sasv_rules();
  const auto rule = std::find_if(rules.begin(), rules.end(),
                                 [&](const SasvRule& r) { return r.rate && r.name == rate; });
  if (rule == rules.end()) throw Error(fmt::format("no error rate called {}", rate));
  const std::vector<double>& column = only_scores(trials);
  return cross(trials, row_factor, column_factor, [&](const std::vector<Selection>& cell) {
    const VerificationScores scores = verification_scores(trials, column, cell);
    constexpr double kEmpty = std::numeric_limits<double>::quiet_NaN();
    if (scores.size() == 0) return kEmpty;
    const RankedTrials all = ranked(scores);
    if (!missing_class(all.ranking(), rule->nontargets, rule->spoofs).empty()) return kEmpty;
    return rule->compute(all.ranking(), variant).value;
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
  for (const SasvRule& rule : sasv_rules()) {
    const SasvFigure a = rule.figure(one_ranked.ranking(), options.eer);
    const SasvFigure b = rule.figure(other_ranked.ranking(), options.eer);
    if (!a.value || !b.value) continue;
    figures.push_back({std::string(rule.name), *a.value, *b.value, rule.resampled(options.eer)});
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

const SasvFigure* SasvResult::find(std::string_view name) const {
  const auto found = std::find_if(figures.begin(), figures.end(),
                                  [&](const SasvFigure& f) { return f.name == name; });
  return found == figures.end() ? nullptr : &*found;
}

const SasvFigure* SasvResult::leading_rate() const { return first_of(figures, true); }

const SasvFigure* SasvResult::leading_cost() const { return first_of(figures, false); }

std::string SasvResult::trials_text() const {
  std::vector<std::string> parts;
  for (const auto& [count, name] :
       {std::pair(target, "target"), {nontarget, "nontarget"}, {spoof, "spoof"}}) {
    if (count > 0) parts.push_back(fmt::format("{} {}", count, name));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::vector<SasvResult::Row> SasvResult::rows() const {
  std::vector<Row> rows;
  for (const SasvFigure& figure : figures) {
    std::string note = figure.value ? figure.interval_text() : figure.reason;
    if (!note.empty() && !figure.note.empty()) note += ' ';
    rows.push_back({std::string(figure.title), figure.value_text(), note + figure.note});
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
  Json json = {{"target_trials", target}, {"nontarget_trials", nontarget}, {"spoof_trials", spoof}};
  Json intervals = Json::object();
  Json reasons = Json::object();
  for (const SasvFigure& figure : figures) {
    json[std::string(figure.name)] = figure_json(figure);
    if (figure.interval) intervals[std::string(figure.name)] = interval_json(*figure.interval);
    if (!figure.value) reasons[std::string(figure.name)] = figure.reason;
  }
  if (!intervals.empty()) json["intervals"] = intervals;
  if (!reasons.empty()) json["reasons"] = reasons;
  explain_numbers_without_json(json);
  json["warnings"] = warnings;
  return json;
}

}  // namespace bonafide
