#include "parity/sasv_cases.h"

#include <vector>

#include "base/json_value.h"
#include "metrics/tandem_cost.h"
#include "parity/golden_scores.h"

namespace bonafide {

namespace {

AgnosticCosts agnostic_costs(const Json& costs) {
  return {costs.at("Ptrg").get<double>(),    costs.at("Pnontrg").get<double>(),
          costs.at("Pspf").get<double>(),    costs.at("Cmiss").get<double>(),
          costs.at("Cfa_asv").get<double>(), costs.at("Cfa_cm").get<double>()};
}

struct OwnedPairs {
  std::vector<double> asv;
  std::vector<double> cm;

  explicit OwnedPairs(const Json& input)
      : asv(golden_scores(input.at("asv"))), cm(golden_scores(input.at("cm"))) {}
};

void check_tandem_eer(Expected expected, const TandemScores& scores) {
  const auto points = [](const TandemScores::Pair& a, const TandemScores::Pair& b,
                         const TandemScores::Pair& c) {
    return static_cast<double>(a.asv.size() + b.asv.size() + c.asv.size() + 1);
  };
  for (const char* key : {"n_asv_points", "n_cm_points"}) {
    if (expected.refused()) break;
    expected.check(key, 0, [&] { return points(scores.target, scores.nontarget, scores.spoof); });
  }
  expected.check("t_eer_percent_accelerated", 1e-12,
                 [&] { return 100 * official_tandem_eer(scores).value; });
  Expected full = expected.part("full");
  const Lazy<TandemEer> got([&] { return tandem_eer(scores); });
  full.check("t_eer_percent", 1e-12, [&] { return 100 * got().value; });
  full.check("asv_index", 0, [&] { return static_cast<double>(got().asv_index); });
  full.check("cm_index", 0, [&] { return static_cast<double>(got().cm_index); });
  full.check("asv_threshold", 1e-12, [&] { return got().asv_threshold; });
  full.check("cm_threshold", 1e-12, [&] { return got().cm_threshold; });
}

}  // namespace

void check_sasv_outputs(const std::string& name, const Json& outputs,
                        const VerificationSpans& scores, Figures& figures) {
  for (const auto& [key, want] : outputs.items()) {
    const std::string figure = name + "." + key;
    if (key == "sasvc2022") {
      const Lazy<SasvEers> eers([&] { return sasv_eers(scores); });
      Expected expected(figure, &want, figures);
      expected.check("sasv_eer", 1e-11, [&] { return eers().sasv; });
      expected.check("sv_eer", 1e-11, [&] { return eers().sv; });
      expected.check("spf_eer", 1e-11, [&] { return eers().spf; });
    } else if (key == "sasv_eer_det") {
      figures.check(figure, want, 1e-12, [&] { return sasv_eers(scores, EerVariant::kDet).sasv; });
    } else if (key.rfind("a_dcf", 0) == 0) {
      Expected expected(figure, &want, figures);
      const Json* costs = expected.given("cost");
      const auto cost = [&] {
        return min_agnostic_dcf(scores, costs != nullptr         ? agnostic_costs(*costs)
                                        : key == "a_dcf_default" ? kPaperAgnosticCosts
                                                                 : kAsvspoof5AgnosticCosts);
      };
      expected.check("min_a_dcf", 1e-12, [&] { return cost().value; });
      expected.check("threshold", 1e-12, [&] { return cost().threshold; });
    } else {
      figures.uncovered(figure);
    }
  }
}

void check_pair_outputs(const std::string& name, const Json& outputs, const TandemScores& scores,
                        Figures& figures) {
  for (const auto& [key, want] : outputs.items()) {
    const std::string figure = name + "." + key;
    if (key == "t_eer") {
      check_tandem_eer({figure, &want, figures}, scores);
    } else if (key == "min_tdcf_asvspoof5_default_asv") {
      std::vector<double> bona_fide(scores.target.cm.begin(), scores.target.cm.end());
      bona_fide.insert(bona_fide.end(), scores.nontarget.cm.begin(), scores.nontarget.cm.end());
      Expected expected(figure, &want, figures);
      expected.pass_over({"Pfa_non", "Pmiss", "Pfa_spf"});
      AsvRates rates = kAsvspoof5AsvRates;
      rates.false_alarm = want.value("Pfa_non", rates.false_alarm);
      rates.miss = want.value("Pmiss", rates.miss);
      rates.spoof_false_alarm = want.value("Pfa_spf", *rates.spoof_false_alarm);
      expected.check("min_tdcf", 1e-12, [&] {
        return min_tandem_dcf(Ranking(bona_fide, scores.spoof.cm), revised_tandem_weights(rates))
            .value;
      });
    } else {
      figures.uncovered(figure);
    }
  }
}

void run_single_score_case(const Json& golden, Figures& figures) {
  const Json& inputs = golden.at("inputs");
  const auto target = golden_scores(inputs.at("target"));
  const auto nontarget = golden_scores(inputs.at("nontarget"));
  const auto spoof = golden_scores(inputs.at("spoof"));
  check_sasv_outputs(name_of_case(golden), golden.at("outputs"), {target, nontarget, spoof},
                     figures);
}

void run_pair_case(const Json& golden, Figures& figures) {
  const Json& inputs = golden.at("inputs");
  const OwnedPairs target(inputs.at("target"));
  const OwnedPairs nontarget(inputs.at("nontarget"));
  const OwnedPairs spoof(inputs.at("spoof"));
  check_pair_outputs(
      name_of_case(golden), golden.at("outputs"),
      {{target.asv, target.cm}, {nontarget.asv, nontarget.cm}, {spoof.asv, spoof.cm}}, figures);
}

}  // namespace bonafide
