#include "parity/fusion_cases.h"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "metrics/sasv_fusion.h"
#include "metrics/trial_table.h"
#include "parity/detector_cases.h"
#include "parity/sasv_cases.h"

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

Part split(const TrialTable& scores, const std::vector<TrialClass>& classes) {
  Part part{scores.asv_scores(), scores.cm_scores(), {}, {}, {}};
  for (size_t i = 0; i < classes.size(); ++i) {
    Side& side = classes[i] == TrialClass::kTarget      ? part.target
                 : classes[i] == TrialClass::kNontarget ? part.nontarget
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
  check_detector_outputs(name + ".cm", want.at("cm"), bona_fide, part.spoof.cm, figures);
  check_detector_outputs(name + ".asv_sv", want.at("asv_sv"), part.target.asv, part.nontarget.asv,
                         figures);
  check_tandem_outputs(name + ".tdcf", want.at("tdcf_with_this_asv"), nullptr, bona_fide,
                       part.spoof.cm, part.target.asv, part.nontarget.asv, part.spoof.asv, figures);
  check_sasv_outputs(name + ".sasv_asv_only", want.at("sasv_asv_only"),
                     {part.target.asv, part.nontarget.asv, part.spoof.asv}, figures);
  check_sasv_outputs(name + ".sasv_cm_only", want.at("sasv_cm_only"),
                     {part.target.cm, part.nontarget.cm, part.spoof.cm}, figures);
  const auto target = sum(part.target);
  const auto nontarget = sum(part.nontarget);
  const auto spoof = sum(part.spoof);
  check_sasv_outputs(name + ".sasv_sum", want.at("sasv_sum"), {target, nontarget, spoof}, figures);
  check_pair_outputs(name + ".tandem", want.at("tandem"), part.pairs(), figures);
}

void check_gaussian(const std::string& name, const Json& want, const ScoreGaussian& got,
                    Figures& figures) {
  for (size_t a = 0; a < 2; ++a) {
    figures.check_relative(fmt::format("{}.mean.{}", name, a), want.at("mean")[a], 1e-12,
                           [&] { return got.mean[a]; });
    for (size_t b = 0; b < 2; ++b) {
      figures.check_relative(fmt::format("{}.covariance.{}.{}", name, a, b),
                             want.at("covariance")[a][b], 1e-12,
                             [&] { return got.covariance[a][b]; });
    }
  }
}

void check_calibration(const std::string& name, const Json& want, const SasvFusion::Affine& got,
                       Figures& figures) {
  figures.check_relative(name + ".scale", want.at("scale"), 1e-4, [&] { return got.scale; });
  figures.check_relative(name + ".bias", want.at("bias"), 1e-4, [&] { return got.bias; });
  figures.check_relative(name + ".exact_scale", want.at("exact_scale"), 1e-8,
                         [&] { return got.scale; });
  figures.check_relative(name + ".exact_bias", want.at("exact_bias"), 1e-8,
                         [&] { return got.bias; });
}

std::vector<double> fused(const SasvFusion& fusion, const Side& side) {
  std::vector<double> scores;
  for (size_t i = 0; i < side.asv.size(); ++i) scores.push_back(fusion(side.asv[i], side.cm[i]));
  return scores;
}

// A changed rank or two moves the fused scores' figures a little.
void check_fused_metrics(const std::string& name, const Json& want, const SasvFusion& fusion,
                         const Part& part, Figures& figures) {
  const auto target = fused(fusion, part.target);
  const auto nontarget = fused(fusion, part.nontarget);
  const auto spoof = fused(fusion, part.spoof);
  const SasvScores scores{target, nontarget, spoof};
  const SasvEers eers = sasv_eers(scores);
  const Json& reference = want.at("sasvc2022");
  figures.check(name + ".sasv_eer", reference.at("sasv_eer"), 1e-4, [&] { return eers.sasv; });
  figures.check(name + ".sv_eer", reference.at("sv_eer"), 1e-4, [&] { return eers.sv; });
  figures.check(name + ".spf_eer", reference.at("spf_eer"), 1e-4, [&] { return eers.spf; });
  figures.check(name + ".a_dcf_asvspoof5", want.at("a_dcf_asvspoof5").at("min_a_dcf"), 1e-4,
                [&] { return min_agnostic_dcf(scores).value; });
  figures.check(name + ".a_dcf_default", want.at("a_dcf_default").at("min_a_dcf"), 1e-4,
                [&] { return min_agnostic_dcf(scores, kPaperAgnosticCosts).value; });
}

void check_fusion(const std::string& name, const Json& want, const Part& dev, const Part& eval,
                  Figures& figures) {
  const SasvFusion fusion = SasvFusion::fit(dev.pairs(), want.at("linear").get<bool>());
  check_gaussian(name + ".gaussian_tar", want.at("gaussian_tar"), fusion.target(), figures);
  check_gaussian(name + ".gaussian_non", want.at("gaussian_non"), fusion.nontarget(), figures);
  check_gaussian(name + ".gaussian_spf", want.at("gaussian_spf"), fusion.spoof(), figures);
  check_calibration(name + ".calibration_asv", want.at("calibration_asv"), fusion.asv_calibration(),
                    figures);
  check_calibration(name + ".calibration_cm", want.at("calibration_cm"), fusion.cm_calibration(),
                    figures);
  if (!want.at("rho").is_null()) {
    figures.check(name + ".rho", want.at("rho"), 1e-4, [&] { return fusion.rho().value(); });
  }
  for (size_t i = 0; i < want.at("dev_llrs_first_5").size(); ++i) {
    const auto raw = fusion.raw_ratios(dev.asv[i], dev.cm[i]);
    const Json& pair = want.at("dev_llrs_first_5")[i];
    const std::string figure = fmt::format("{}.dev_llrs.{}", name, i);
    figures.check_relative(figure + ".asv", pair[0], 1e-8, [&] { return raw.asv; });
    figures.check_relative(figure + ".cm", pair[1], 1e-8, [&] { return raw.cm; });
  }
  double total = 0;
  for (size_t i = 0; i < eval.asv.size(); ++i) {
    const double score = fusion(eval.asv[i], eval.cm[i]);
    total += score;
    if (i >= want.at("eval_fused_first_20").size()) continue;
    const auto ratios = fusion.ratios(eval.asv[i], eval.cm[i]);
    const Json& pair = want.at("eval_calibrated_llrs_first_20")[i];
    const std::string figure = fmt::format("{}.eval.{}", name, i);
    figures.check_relative(figure + ".asv", pair[0], 1e-4, [&] { return ratios.asv; });
    figures.check_relative(figure + ".cm", pair[1], 1e-4, [&] { return ratios.cm; });
    figures.check_relative(figure + ".fused", want.at("eval_fused_first_20")[i], 1e-4,
                           [&] { return score; });
  }
  figures.check_relative(name + ".eval_fused_sum", want.at("eval_fused_sum"), 1e-4,
                         [&] { return total; });
  check_fused_metrics(name + ".sasv", want.at("sasv_eval_of_fused"), fusion, eval, figures);
}

}  // namespace

void run_fusion_case(const Json& golden, Figures& figures) {
  const auto folder = figures.case_file().parent_path();
  const TrialTable dev_table = TrialTable::read(folder / "dev_scores_label.csv");
  const Part dev = split(dev_table, dev_table.classes());
  const Part eval = split(TrialTable::read(folder / "eval_scores.csv"),
                          TrialTable::read(folder / "eval_labels.csv").classes());
  check_part("dev", golden.at("dev"), dev, figures);
  check_part("eval", golden.at("eval"), eval, figures);
  for (const auto& [kind, want] : golden.at("score_fusion").items()) {
    check_fusion("score_fusion." + kind, want, dev, eval, figures);
  }
}

}  // namespace bonafide
