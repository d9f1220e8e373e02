#include "metrics/sasv_figures.h"

#include <fmt/format.h>

#include <array>

#include "metrics/problem.h"
#include "metrics/sasv.h"

namespace bonafide {

namespace {

Cost rate(EerVariant variant, const Ranking& ranking) {
  const Eer eer = equal_error_rate(variant, ranking);
  return {eer.value, eer.threshold};
}

constexpr std::array<SasvRule, 7> kRules = {{
    {"sasv_eer", "SASV-EER %", true, true, true,
     [](const Ranking& r, EerVariant v) { return rate(v, r); }},
    {"sv_eer", "SV-EER %", true, true, false,
     [](const Ranking& r, EerVariant v) { return rate(v, r.without(2)); }},
    {"spf_eer", "SPF-EER %", true, false, true,
     [](const Ranking& r, EerVariant v) { return rate(v, r.without(1)); }},
    {"a_dcf_asvspoof5", "a-DCF (ASVspoof 5)", false, true, true,
     [](const Ranking& r, EerVariant) { return min_agnostic_dcf(r); }},
    {"a_dcf1", "a-DCF1", false, true, true,
     [](const Ranking& r, EerVariant) { return min_agnostic_dcf(r, kPaperAgnosticCosts); }},
    {"sv_min_dcf_p05", "SV minDCF (0.05)", false, true, false,
     [](const Ranking& r, EerVariant) { return min_dcf(r.without(2), verification_costs(0.05)); },
     0.05},
    {"sv_min_dcf_p01", "SV minDCF (0.01)", false, true, false,
     [](const Ranking& r, EerVariant) { return min_dcf(r.without(2), verification_costs(0.01)); },
     0.01},
}};

void describe_cost(const SasvRule& rule, double threshold, SasvFigure& figure) {
  figure.note = fmt::format("threshold {:.6g}", threshold);
  figure.details = {{"threshold", threshold}};
  if (rule.target_prior == 0) return;
  const DetectionCosts costs = verification_costs(rule.target_prior);
  figure.note += fmt::format(", target prior {:g}, costs {:g} (miss) and {:g} (false alarm)",
                             rule.target_prior, costs.miss, costs.false_alarm);
  figure.details["target_prior"] = rule.target_prior;
  figure.details["miss_cost"] = costs.miss;
  figure.details["false_alarm_cost"] = costs.false_alarm;
}

}  // namespace

std::string SasvFigure::text(double number) const {
  return rate ? fmt::format("{:.4f}", 100 * number) : fmt::format("{:.5f}", number);
}

std::string SasvFigure::value_text() const { return value ? text(*value) : "-"; }

std::string SasvFigure::interval_text() const {
  return interval ? fmt::format("[{}, {}]", text(interval->low), text(interval->high)) : "";
}

std::string missing_class(const Ranking& ranking, bool nontargets, bool spoofs) {
  if (ranking.count(0) == 0) return "no target trials";
  if (nontargets && ranking.count(1) == 0) return "no nontarget trials";
  if (spoofs && ranking.count(2) == 0) return "no spoof trials";
  return "";
}

SasvFigure SasvRule::figure(const Ranking& ranking, EerVariant variant) const {
  SasvFigure figure{name, title, rate};
  figure.reason = missing_class(ranking, nontargets, spoofs);
  if (!figure.reason.empty()) return figure;
  const auto problem = problem_of([&] {
    const Cost cost = compute(ranking, variant);
    figure.value = cost.value;
    if (!figure.rate) describe_cost(*this, cost.threshold, figure);
  });
  figure.reason = problem.value_or("");
  return figure;
}

Statistic SasvRule::resampled(EerVariant variant) const {
  return [variant, compute = compute](const WeightedRanking& r) {
    return compute(r.ranking().with_copies(r.copies()), variant).value;
  };
}

std::span<const SasvRule> sasv_rules() { return kRules; }

}  // namespace bonafide
