#include "metrics/sasv_tandem.h"

#include <fmt/format.h>

#include "metrics/problem.h"
#include "metrics/ranked_trials.h"
#include "metrics/sasv_result.h"
#include "metrics/tandem_cost.h"
#include "metrics/tandem_eer.h"
#include "metrics/verification_trials.h"

namespace bonafide {

namespace {

const TandemWeights& tandem_weights() {
  static const TandemWeights weights = revised_tandem_weights(kAsvspoof5AsvRates);
  return weights;
}

RankedTrials ranked_cm(const VerificationScores& scores) {
  std::vector<double> bona_fide = scores.target;
  bona_fide.insert(bona_fide.end(), scores.nontarget.begin(), scores.nontarget.end());
  return RankedTrials({{"bona fide", bona_fide}, {"spoof", scores.spoof}}, EmptyClasses::kAllowed);
}

TandemEer find_tandem_eer(const Ranking& asv, const Ranking& cm, bool official) {
  return official ? official_tandem_eer(asv, cm) : tandem_eer(asv, cm);
}

void compute_eer(const Ranking& asv, const Ranking& cm, bool official, SasvFigure& figure,
                 std::vector<std::string>& warnings) {
  const TandemEer eer = find_tandem_eer(asv, cm, official);
  figure.value = eer.value;
  figure.note =
      fmt::format("thresholds {:.6g} (ASV), {:.6g} (CM)", eer.asv_threshold, eer.cm_threshold);
  figure.details = {{"asv_threshold", eer.asv_threshold}, {"cm_threshold", eer.cm_threshold}};
  if (official) return;
  const double theirs = official_tandem_eer(asv, cm).value;
  if (theirs == eer.value) return;
  warnings.push_back(fmt::format(
      "t-EER is the right one: the ASVspoof 5 package, on thinned curves, finds {:.4f} %, as "
      "--official does",
      100 * theirs));
}

SasvFigure tandem_eer_figure(const Ranking& asv, const Ranking& cm, bool official,
                             std::vector<std::string>& warnings) {
  SasvFigure figure{"t_eer", "t-EER %", true};
  figure.reason = missing_class(asv, /*nontargets=*/true, /*spoofs=*/true);
  if (!figure.reason.empty()) return figure;
  figure.reason =
      problem_of([&] { compute_eer(asv, cm, official, figure, warnings); }).value_or("");
  return figure;
}

SasvFigure tandem_dcf_figure(const Ranking& cm) {
  SasvFigure figure{"min_tdcf_revised", "min t-DCF", false};
  if (cm.positives() == 0 || cm.negatives() == 0) {
    figure.reason = cm.positives() == 0 ? "no bona fide trials" : "no spoof trials";
    return figure;
  }
  figure.reason = problem_of([&] {
                    figure.value = min_tandem_dcf(cm, tandem_weights()).value;
                    figure.note = "ASVspoof 5's ASV system";
                  }).value_or("");
  return figure;
}

// Each draw counts the same trials in the ranking of the ASV and in that of the CM scores.
void add_intervals(RankedTrials& asv, RankedTrials& cm, const Resampler& resampler,
                   const SasvOptions& options, SasvFigure& eer, SasvFigure& dcf) {
  std::vector<double> eers;
  std::vector<double> costs;
  std::vector<uint32_t> copies(asv.ranking().size());
  for (size_t i = 0; i < options.resamples; ++i) {
    Random random(options.seed, i);
    resampler.draw(random, copies);
    const WeightedRanking asv_trials = asv.resample(copies);
    const WeightedRanking cm_trials = cm.resample(copies);
    if (!asv_trials.has_all_classes()) continue;
    if (dcf.value) costs.push_back(weighted_min_tandem_dcf(cm_trials, tandem_weights()));
    if (!eer.value) continue;
    eers.push_back(find_tandem_eer(asv.ranking().with_copies(asv_trials.copies()),
                                   cm.ranking().with_copies(cm_trials.copies()), options.official)
                       .value);
  }
  if (eer.value) eer.interval = percentile_interval(std::move(eers), options.confidence);
  if (dcf.value) dcf.interval = percentile_interval(std::move(costs), options.confidence);
}

}  // namespace

std::vector<SasvFigure> tandem_figures(const Trials& trials, const Resampler* resampler,
                                       const SasvOptions& options,
                                       std::vector<std::string>& warnings) {
  RankedTrials asv = ranked(verification_scores(trials, trials.asv_scores));
  RankedTrials cm = ranked_cm(verification_scores(trials, trials.cm_scores));
  SasvFigure eer = tandem_eer_figure(asv.ranking(), cm.ranking(), options.official, warnings);
  SasvFigure dcf = tandem_dcf_figure(cm.ranking());
  if (resampler != nullptr) {
    note_problem("intervals of the tandem",
                 problem_of([&] { add_intervals(asv, cm, *resampler, options, eer, dcf); }),
                 warnings);
  }
  return {eer, dcf};
}

}  // namespace bonafide
