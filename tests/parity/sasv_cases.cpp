#include "parity/sasv_cases.h"

#include <vector>

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

void check_tandem_eer(const std::string& name, const Json& want, const TandemScores& scores,
                      Figures& figures) {
  figures.check(name + ".t_eer_percent_accelerated", member(want, "t_eer_percent_accelerated"),
                1e-12, [&] { return 100 * official_tandem_eer(scores).value; });
  const Json& full = member(want, "full");
  const Lazy<TandemEer> got([&] { return tandem_eer(scores); });
  figures.check(name + ".full.t_eer_percent", member(full, "t_eer_percent"), 1e-12,
                [&] { return 100 * got().value; });
  figures.check(name + ".full.asv_index", member(full, "asv_index"), 0,
                [&] { return static_cast<double>(got().asv_index); });
  figures.check(name + ".full.cm_index", member(full, "cm_index"), 0,
                [&] { return static_cast<double>(got().cm_index); });
  figures.check(name + ".full.asv_threshold", member(full, "asv_threshold"), 1e-12,
                [&] { return got().asv_threshold; });
  figures.check(name + ".full.cm_threshold", member(full, "cm_threshold"), 1e-12,
                [&] { return got().cm_threshold; });
}

}  // namespace

void check_sasv_outputs(const std::string& name, const Json& outputs, const SasvScores& scores,
                        Figures& figures) {
  for (const auto& [key, want] : outputs.items()) {
    const std::string figure = name + "." + key;
    if (key == "sasvc2022") {
      const Lazy<SasvEers> eers([&] { return sasv_eers(scores); });
      figures.check(figure + ".sasv_eer", member(want, "sasv_eer"), 1e-11,
                    [&] { return eers().sasv; });
      figures.check(figure + ".sv_eer", member(want, "sv_eer"), 1e-11, [&] { return eers().sv; });
      figures.check(figure + ".spf_eer", member(want, "spf_eer"), 1e-11,
                    [&] { return eers().spf; });
    } else if (key == "sasv_eer_det") {
      figures.check(figure, want, 1e-12, [&] { return sasv_eers(scores, EerVariant::kDet).sasv; });
    } else if (key.rfind("a_dcf", 0) == 0) {
      const auto cost = [&] {
        return min_agnostic_dcf(
            scores, is_refusal(want) ? AgnosticCosts{} : agnostic_costs(want.at("cost")));
      };
      figures.check(figure + ".min_a_dcf", member(want, "min_a_dcf"), 1e-12,
                    [&] { return cost().value; });
      figures.check(figure + ".threshold", member(want, "threshold"), 1e-12,
                    [&] { return cost().threshold; });
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
      check_tandem_eer(figure, want, scores, figures);
    } else if (key == "min_tdcf_asvspoof5_default_asv") {
      std::vector<double> bona_fide(scores.target.cm.begin(), scores.target.cm.end());
      bona_fide.insert(bona_fide.end(), scores.nontarget.cm.begin(), scores.nontarget.cm.end());
      const AsvRates rates = is_refusal(want) ? kAsvspoof5AsvRates
                                              : AsvRates{want.at("Pfa_non").get<double>(),
                                                         want.at("Pmiss").get<double>(), 0,
                                                         want.at("Pfa_spf").get<double>()};
      figures.check(figure + ".min_tdcf", member(want, "min_tdcf"), 1e-12, [&] {
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
  check_sasv_outputs(golden.at("name").get<std::string>(), golden.at("outputs"),
                     {target, nontarget, spoof}, figures);
}

void run_pair_case(const Json& golden, Figures& figures) {
  const Json& inputs = golden.at("inputs");
  const OwnedPairs target(inputs.at("target"));
  const OwnedPairs nontarget(inputs.at("nontarget"));
  const OwnedPairs spoof(inputs.at("spoof"));
  check_pair_outputs(
      golden.at("name").get<std::string>(), golden.at("outputs"),
      {{target.asv, target.cm}, {nontarget.asv, nontarget.cm}, {spoof.asv, spoof.cm}}, figures);
}

}  // namespace bonafide
