#include "parity/fusion_cases.h"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "base/json_value.h"
#include "metrics/sasv_fusion.h"
#include "parity/detector_cases.h"
#include "parity/sasv_cases.h"
#include "trials/trial_table.h"

namespace bonafide {

namespace {

struct Side {
  std::vector<double> asv;
  std::vector<double> cm;
};

// One part of the set. The reference's own files go by row.
struct Part {
  std::vector<double> asv;
  std::vector<double> cm;
  Side target;
  Side nontarget;
  Side spoof;

  TandemScores pairs() const {
    return {{target.asv, target.cm}, {nontarget.asv, nontarget.cm}, {spoof.asv, spoof.cm}};
  }
};

Part split(const TrialTable& scores, const std::vector<Truth>& classes) {
  Part part{scores.asv_scores(), scores.cm_scores(), {}, {}, {}};
  for (size_t i = 0; i < classes.size(); ++i) {
    Side& side = classes[i] == Truth::kTarget      ? part.target
                 : classes[i] == Truth::kNontarget ? part.nontarget
                                                   : part.spoof;
    side.asv.push_back(part.asv.at(i));
    side.cm.push_back(part.cm.at(i));
  }
  return part;
}

std::vector<double> joined(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> both = a;
  both.insert(both.end(), b.begin(), b.end());
  return both;
}

std::vector<double> sum(const Side& side) {
  std::vector<double> scores(side.asv.size());
  std::transform(side.asv.begin(), side.asv.end(), side.cm.begin(), scores.begin(), std::plus<>());
  return scores;
}

void check_part(const std::string& name, const Json& want, const Part& part, Figures& figures) {
  const auto bona_fide = joined(part.target.cm, part.nontarget.cm);
  Expected expected(name, &want, figures);
  Expected counts = expected.part("n");
  for (const auto& [key, side] : {std::pair("target", &part.target),
                                  {"nontarget", &part.nontarget},
                                  {"spoof", &part.spoof}}) {
    counts.check(key, 0, [&] { return static_cast<double>(side->asv.size()); });
  }
  if (const Json* cm = expected.given("cm")) {
    check_detector_outputs(name + ".cm", *cm, bona_fide, part.spoof.cm, figures);
  }
  if (const Json* asv = expected.given("asv_sv")) {
    check_detector_outputs(name + ".asv_sv", *asv, part.target.asv, part.nontarget.asv, figures);
  }
  if (const Json* tdcf = expected.given("tdcf_with_this_asv")) {
    check_tandem_outputs(name + ".tdcf", *tdcf, nullptr, bona_fide, part.spoof.cm, part.target.asv,
                         part.nontarget.asv, part.spoof.asv, figures);
  }
  const auto check_sasv = [&](const char* key, const std::vector<double>& target,
                              const std::vector<double>& nontarget,
                              const std::vector<double>& spoof) {
    if (const Json* sasv = expected.given(key)) {
      check_sasv_outputs(expected.below(key), *sasv, {target, nontarget, spoof}, figures);
    }
  };
  check_sasv("sasv_asv_only", part.target.asv, part.nontarget.asv, part.spoof.asv);
  check_sasv("sasv_cm_only", part.target.cm, part.nontarget.cm, part.spoof.cm);
  check_sasv("sasv_sum", sum(part.target), sum(part.nontarget), sum(part.spoof));
  if (const Json* tandem = expected.given("tandem")) {
    check_pair_outputs(name + ".tandem", *tandem, part.pairs(), figures);
  }
}

void check_gaussian(Expected expected, const ScoreGaussian& got, Figures& figures) {
  const Json* mean = expected.given("mean");
  const Json* covariance = expected.given("covariance");
  for (size_t a = 0; a < 2; ++a) {
    if (mean != nullptr) {
      figures.check_relative(fmt::format("{}.mean.{}", expected.name(), a), mean->at(a), 1e-12,
                             [&] { return got.mean[a]; });
    }
    for (size_t b = 0; b < 2 && covariance != nullptr; ++b) {
      figures.check_relative(fmt::format("{}.covariance.{}.{}", expected.name(), a, b),
                             covariance->at(a).at(b), 1e-12, [&] { return got.covariance[a][b]; });
    }
  }
}

void check_calibration(Expected expected, const SasvFusion::Affine& got) {
  expected.check_relative("scale", 1e-4, [&] { return got.scale; });
  expected.check_relative("bias", 1e-4, [&] { return got.bias; });
  expected.check_relative("exact_scale", 1e-8, [&] { return got.scale; });
  expected.check_relative("exact_bias", 1e-8, [&] { return got.bias; });
}

std::vector<double> fused(const SasvFusion& fusion, const Side& side) {
  std::vector<double> scores;
  for (size_t i = 0; i < side.asv.size(); ++i) scores.push_back(fusion(side.asv[i], side.cm[i]));
  return scores;
}

// A changed rank or two moves the fused scores' figures a little.
void check_fused_metrics(Expected expected, const SasvFusion& fusion, const Part& part) {
  const auto target = fused(fusion, part.target);
  const auto nontarget = fused(fusion, part.nontarget);
  const auto spoof = fused(fusion, part.spoof);
  const VerificationSpans scores{target, nontarget, spoof};
  const SasvEers eers = sasv_eers(scores);
  Expected challenge = expected.part("sasvc2022");
  challenge.check("sasv_eer", 1e-4, [&] { return eers.sasv; });
  challenge.check("sv_eer", 1e-4, [&] { return eers.sv; });
  challenge.check("spf_eer", 1e-4, [&] { return eers.spf; });
  expected.check("sasv_eer_det", 1e-4, [&] { return sasv_eers(scores, EerVariant::kDet).sasv; });
  const auto check_cost = [&](const char* key, const AgnosticCosts& costs) {
    Expected cost = expected.part(key);
    cost.pass_over({"cost", "threshold"});  // the threshold moves with a rank by more than a little
    cost.check("min_a_dcf", 1e-4, [&] { return min_agnostic_dcf(scores, costs).value; });
  };
  check_cost("a_dcf_asvspoof5", kAsvspoof5AgnosticCosts);
  check_cost("a_dcf_default", kPaperAgnosticCosts);
}

// Lists of the case hold the first trials only, as many as it likes.
void check_ratios(Expected& expected, const SasvFusion& fusion, const Part& dev, const Part& eval,
                  Figures& figures) {
  const auto check_pairs = [&](const char* key, const char* short_name, const Part& part,
                               double tolerance, const auto& ratios_of) {
    const Json* pairs = expected.given(key);
    for (size_t i = 0; pairs != nullptr && i < pairs->size(); ++i) {
      const auto ratios = ratios_of(part.asv.at(i), part.cm.at(i));
      const std::string figure = fmt::format("{}.{}.{}", expected.name(), short_name, i);
      figures.check_relative(figure + ".asv", (*pairs)[i].at(0), tolerance,
                             [&] { return ratios.asv; });
      figures.check_relative(figure + ".cm", (*pairs)[i].at(1), tolerance,
                             [&] { return ratios.cm; });
    }
  };
  check_pairs("dev_llrs_first_5", "dev_llrs", dev, 1e-8,
              [&](double asv, double cm) { return fusion.raw_ratios(asv, cm); });
  check_pairs("eval_calibrated_llrs_first_20", "eval", eval, 1e-4,
              [&](double asv, double cm) { return fusion.ratios(asv, cm); });
  const Json* scores = expected.given("eval_fused_first_20");
  for (size_t i = 0; scores != nullptr && i < scores->size(); ++i) {
    figures.check_relative(fmt::format("{}.eval.{}.fused", expected.name(), i), (*scores)[i], 1e-4,
                           [&] { return fusion(eval.asv.at(i), eval.cm.at(i)); });
  }
}

void check_fusion(const std::string& name, const Json& want, const Part& dev, const Part& eval,
                  Figures& figures) {
  Expected expected(name, &want, figures);
  expected.pass_over({"linear"});
  const SasvFusion fusion = SasvFusion::fit(dev.pairs(), want.at("linear").get<bool>());
  check_gaussian(expected.part("gaussian_tar"), fusion.target(), figures);
  check_gaussian(expected.part("gaussian_non"), fusion.nontarget(), figures);
  check_gaussian(expected.part("gaussian_spf"), fusion.spoof(), figures);
  check_calibration(expected.part("calibration_asv"), fusion.asv_calibration());
  check_calibration(expected.part("calibration_cm"), fusion.cm_calibration());
  const Json* rho = expected.given("rho");
  if (rho != nullptr && !rho->is_null()) {
    expected.check("rho", 1e-4, [&] { return fusion.rho().value(); });
  }
  check_ratios(expected, fusion, dev, eval, figures);
  double total = 0;
  for (size_t i = 0; i < eval.asv.size(); ++i) total += fusion(eval.asv[i], eval.cm[i]);
  expected.check_relative("eval_fused_sum", 1e-4, [&] { return total; });
  if (const Json* has_nan = expected.given("eval_fused_has_nan")) {
    figures.check(name + ".eval_fused_has_nan", has_nan->get<bool>() ? 1 : 0, 0,
                  [&] { return std::isnan(total) ? 1.0 : 0.0; });
  }
  if (expected.given("sasv_eval_of_fused") != nullptr) {
    check_fused_metrics(expected.part("sasv_eval_of_fused"), fusion, eval);
  }
}

}  // namespace

void run_fusion_case(const Json& golden, Figures& figures) {
  const auto folder = figures.case_file().parent_path();
  const TrialTable dev_table = TrialTable::read(folder / "dev_scores_label.csv");
  const Part dev = split(dev_table, dev_table.classes());
  const Part eval = split(TrialTable::read(folder / "eval_scores.csv"),
                          TrialTable::read(folder / "eval_labels.csv").classes());
  Expected expected("", &golden, figures);
  expected.pass_over({"tool", "note"});
  if (const Json* want = expected.given("dev")) check_part("dev", *want, dev, figures);
  if (const Json* want = expected.given("eval")) check_part("eval", *want, eval, figures);
  const Json* fusions = expected.given("score_fusion");
  if (fusions == nullptr) return;
  for (const auto& [kind, want] : fusions->items()) {
    check_fusion("score_fusion." + kind, want, dev, eval, figures);
  }
}

}  // namespace bonafide
