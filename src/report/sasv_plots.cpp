#include "report/sasv_plots.h"

#include <limits>

namespace bonafide {

namespace {

DetAxes axes_of(const SasvResult& result) {
  const std::string others = result.spoof == 0       ? "nontargets"
                             : result.nontarget == 0 ? "spoofs"
                                                     : "others";
  return {others + " accepted (%)", "targets rejected (%)"};
}

}  // namespace

RankedSystem SasvCurve::system() const {
  if (rate) return {name, &ranking, rate};
  return {name + ", det", &ranking, std::nullopt};
}

std::vector<SasvCurve> sasv_curves(const VerificationScores& scores, const SasvResult& result) {
  const ScoredClass targets = {"target", scores.target};
  const ScoredClass nontargets = {"nontarget", scores.nontarget};
  const ScoredClass spoofs = {"spoof", scores.spoof};
  std::vector<SasvCurve> curves;
  const auto add = [&](const char* name, const char* rate,
                       std::initializer_list<ScoredClass> classes) {
    curves.push_back({name, Ranking(classes), result.find(rate)->value});
  };
  if (scores.complete()) add("against all (SASV)", "sasv_eer", {targets, nontargets, spoofs});
  if (result.nontarget > 0) add("against nontargets (SV)", "sv_eer", {targets, nontargets});
  if (result.spoof > 0) add("against spoofs (SPF)", "spf_eer", {targets, spoofs});
  return curves;
}

std::string sasv_det_plot(const std::vector<SasvCurve>& curves, const SasvResult& result) {
  std::vector<RankedSystem> systems;
  for (const SasvCurve& curve : curves) systems.push_back(curve.system());
  return det_plot(systems, axes_of(result));
}

std::string sasv_histogram(const VerificationScores& scores) {
  return score_histogram(
      {{"target", scores.target}, {"nontarget", scores.nontarget}, {"spoof", scores.spoof}},
      std::nullopt,
      scores.spoof.empty() ? "more like the target" : "more like the target, and bona fide");
}

std::string sasv_bars(const SasvFigure& rate, const SasvBreakdown& breakdown) {
  std::vector<Bar> bars;
  for (const SasvCondition& row : breakdown.rows) {
    const auto value = row.result.find(rate.name)->value;
    bars.push_back({row.value, 100 * value.value_or(std::numeric_limits<double>::quiet_NaN())});
  }
  return bar_plot(without_unit(rate) + " (%)", bars, {"pooled", 100 * *rate.value});
}

}  // namespace bonafide
