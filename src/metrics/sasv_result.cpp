#include "metrics/sasv_result.h"

#include <fmt/format.h>

#include <algorithm>

#include "metrics/tandem_cost.h"
#include "metrics/verification_trials.h"

namespace bonafide {

bool are_verification_trials(const Trials& trials) {
  const auto has = [&](TrialClass wanted) {
    return std::find(trials.classes.begin(), trials.classes.end(), wanted) != trials.classes.end();
  };
  return has(TrialClass::kTarget) && has(TrialClass::kNontarget) && has(TrialClass::kSpoof) &&
         !has(TrialClass::kBonaFide);
}

SasvResult evaluate_sasv(const Trials& trials, bool official) {
  const VerificationScores scores = verification_scores(trials, only_scores(trials));
  SasvResult result;
  result.target = scores.target.size();
  result.nontarget = scores.nontarget.size();
  result.spoof = scores.spoof.size();
  result.eers = sasv_eers(scores);
  result.asvspoof5 = min_agnostic_dcf(scores);
  result.paper = min_agnostic_dcf(scores, kPaperAgnosticCosts);
  if (trials.asv_scores.empty() || trials.cm_scores.empty()) return result;

  const VerificationScores asv = verification_scores(trials, trials.asv_scores);
  const VerificationScores cm = verification_scores(trials, trials.cm_scores);
  const TandemScores pairs{
      {asv.target, cm.target}, {asv.nontarget, cm.nontarget}, {asv.spoof, cm.spoof}};
  result.tandem_eer = official ? official_tandem_eer(pairs) : tandem_eer(pairs);
  const DetectorScores detector = detector_scores(trials);
  result.min_tandem_dcf = min_tandem_dcf(Ranking(detector.bona_fide, detector.spoof),
                                         revised_tandem_weights(kAsvspoof5AsvRates))
                              .value;
  return result;
}

std::string SasvResult::text() const {
  std::string text = fmt::format(
      "SASV-EER %        {:>12.4f}\nSV-EER %          {:>12.4f}\nSPF-EER %         {:>12.4f}\n"
      "a-DCF (ASVspoof 5){:>12.5f}  threshold {:.6g}\n"
      "a-DCF1            {:>12.5f}  threshold {:.6g}\n",
      100 * eers.sasv, 100 * eers.sv, 100 * eers.spf, asvspoof5.value, asvspoof5.threshold,
      paper.value, paper.threshold);
  if (tandem_eer) {
    text +=
        fmt::format("t-EER %           {:>12.4f}  thresholds {:.6g} (ASV), {:.6g} (CM)\n",
                    100 * tandem_eer->value, tandem_eer->asv_threshold, tandem_eer->cm_threshold);
  }
  if (min_tandem_dcf) {
    text += fmt::format("min t-DCF         {:>12.5f}  ASVspoof 5's ASV system\n", *min_tandem_dcf);
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
  if (tandem_eer) {
    json["t_eer"] = {{"value", tandem_eer->value},
                     {"asv_threshold", tandem_eer->asv_threshold},
                     {"cm_threshold", tandem_eer->cm_threshold}};
  }
  if (min_tandem_dcf) json["min_tdcf_revised"] = *min_tandem_dcf;
  return json;
}

}  // namespace bonafide
