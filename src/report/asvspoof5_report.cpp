#include "report/asvspoof5_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <future>
#include <limits>

#include "base/error.h"
#include "base/text.h"
#include "metrics/cllr.h"
#include "metrics/eer.h"
#include "metrics/sasv.h"
#include "metrics/tandem_eer.h"
#include "metrics/verification_trials.h"
#include "report/official_axis.h"

namespace bonafide {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// Python's repr: the shortest digits that give the number back, always with a point.
std::string python_repr(double value) {
  std::string text = fmt::format("{}", value);
  if (std::isfinite(value) && text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

Asvspoof5Track1 track1_of(const DetectorScores& scores, bool official) {
  // Cllr needs no ranking: half of the time saved where there are two cores.
  auto cllr_later = std::async([&] {
    return official ? official_cllr(scores.bona_fide, scores.spoof)
                    : cllr(scores.bona_fide, scores.spoof);
  });
  const Ranking ranking(scores.bona_fide, scores.spoof);
  const double minimum = min_dcf(ranking).value;
  const double eer = det_eer(ranking).value;
  return {minimum, eer, cllr_later.get(), actual_dcf(scores.bona_fide, scores.spoof).value,
          !official && official_cllr_overflows(scores.bona_fide, scores.spoof)};
}

AsvRates organiser_rates(const VerificationScores& scores, bool official) {
  AsvRates rates = asv_operating_point(scores.spans());
  if (official) rates.spoof_false_alarm = rates.spoof_miss;
  return rates;
}

// How a figure is computed that the scores may not allow.
using Attempt = std::function<void(std::string_view figure, const std::function<void()>& compute)>;

// One condition of track 2: the trials, and the same trials of the organisers' ASV system.
Asvspoof5Track2 track2_of(const Trials& trials, const std::vector<Selection>& selections,
                          const std::vector<Selection>& organiser_selections,
                          const Asvspoof5Options& options, const Attempt& attempt) {
  Asvspoof5Track2 result;
  result.a_dcf =
      min_agnostic_dcf(verification_scores(trials, trials.sasv_scores, selections).spans()).value;
  if (trials.cm_scores.empty() || trials.asv_scores.empty()) return result;

  const VerificationScores asv = verification_scores(trials, trials.asv_scores, selections);
  const VerificationScores cm = verification_scores(trials, trials.cm_scores, selections);
  const DetectorScores detector = detector_scores(trials, selections);
  attempt("min t-DCF", [&] {
    AsvRates rates = kAsvspoof5AsvRates;
    const Ranking ranking(detector.bona_fide, detector.spoof);
    const auto minimum = [&] {
      return min_tandem_dcf(ranking, revised_tandem_weights(rates)).value;
    };
    if (options.organiser_asv != nullptr) {
      const Trials& organiser = *options.organiser_asv;
      rates = organiser_rates(
          verification_scores(organiser, only_scores(organiser), organiser_selections),
          options.official);
    }
    result.min_tdcf = minimum();
    if (options.organiser_asv == nullptr || options.official) return;
    rates.spoof_false_alarm = rates.spoof_miss;
    result.tdcf_corrected = minimum() != *result.min_tdcf;
  });
  const TandemScores pairs{
      {asv.target, cm.target}, {asv.nontarget, cm.nontarget}, {asv.spoof, cm.spoof}};
  attempt("t-EER", [&] {
    result.t_eer = 100 * (options.official ? official_tandem_eer(pairs) : tandem_eer(pairs)).value;
    if (options.official) return;
    result.t_eer_corrected = 100 * official_tandem_eer(pairs).value != *result.t_eer;
  });
  return result;
}

// "pooled" and the values in string order. The package takes the last attack in that order for the
// mark of bona fide trials and leaves it out.
OfficialAxis sorted_axis(const Trials& trials, const std::string& factor, FactorSide side,
                         bool without_last) {
  OfficialAxis axis = {{"pooled", "", "", FactorSide::kBoth}};
  std::vector<std::string> values = trials.factor(factor).values();
  std::sort(values.begin(), values.end());
  if (without_last && !values.empty()) values.pop_back();
  for (const std::string& value : values) axis.push_back({value, factor, value, side});
  return axis;
}

struct Axes {
  OfficialAxis attacks;
  OfficialAxis codecs;
};

Axes axes_of(const Trials& trials) {
  return {sorted_axis(trials, "attack", FactorSide::kSpoof, /*without_last=*/true),
          sorted_axis(trials, "codec", FactorSide::kBoth, /*without_last=*/false)};
}

Grid empty_grid(const Axes& axes, std::string caption, int decimals) {
  return {std::move(caption), tags(axes.codecs), tags(axes.attacks),
          std::vector(axes.attacks.size(), std::vector<double>(axes.codecs.size(), kNan)),
          decimals};
}

void note_corrected(size_t grid, Asvspoof5Tables& tables) {
  const std::string& caption = tables.grids[grid].caption;
  auto& list = tables.corrected;
  if (std::find(list.begin(), list.end(), caption) == list.end()) list.push_back(caption);
}

}  // namespace

Asvspoof5Track1 asvspoof5_track1(const Trials& trials, const Asvspoof5Options& options) {
  return track1_of(detector_scores(trials), options.official);
}

std::string Asvspoof5Track1::text() const {
  return fmt::format(
      "\nCM SYSTEM\n"
      "\tmin DCF \t\t= {} (min DCF for countermeasure)\n"
      "\tEER\t\t= {:8.9f} % (EER for countermeasure)\n"
      "\tCLLR\t\t= {:8.9f} bits (CLLR for countermeasure)\n"
      "\tactDCF\t\t= {} (actual DCF)\n"
      "# Track 1 Result: \n\n"
      "-eval_mindcf: {:.5f}\n-eval_eer (%): {:.3f}\n-eval_cllr (bits): {:.5f}\n"
      "-eval_actDCF: {:.5f}\n\n",
      python_repr(min_dcf), eer * 100, cllr, python_repr(actual_dcf), min_dcf, eer * 100, cllr,
      actual_dcf);
}

Asvspoof5Track2 asvspoof5_track2(const Trials& trials, const Asvspoof5Options& options) {
  return track2_of(trials, {}, {}, options,
                   [](std::string_view, const std::function<void()>& compute) { compute(); });
}

std::string Asvspoof5Track2::text() const {
  std::string text = fmt::format("\nSASV RESULT\n\ta-DCF\t\t= {:8.9f}\n", a_dcf);
  if (!min_tdcf || !t_eer) {
    return text + fmt::format("# Track 2 (Single) Result: \n\n-eval_adcf: {:.5f}\n\n", a_dcf);
  }
  return text + fmt::format(
                    "\tt-EER\t\t= {:8.9f}\n\tmin-tDCF\t\t= {:8.9f}\n"
                    "# Track 2 Result: \n\n"
                    "-eval_adcf: {:.5f}\n-eval_tdcf: {:.5f}\n-eval_teer (%): {:.3f}\n\n",
                    *t_eer, *min_tdcf, a_dcf, *min_tdcf, *t_eer);
}

Asvspoof5Tables asvspoof5_track1_tables(const Trials& trials, const Asvspoof5Options& options) {
  const Axes axes = axes_of(trials);
  Asvspoof5Tables tables{"# Track 1 Result: \n",
                         {empty_grid(axes, "eval_minDCF", 5), empty_grid(axes, "EER (%)", 3),
                          empty_grid(axes, "Cllr bits", 5), empty_grid(axes, "actDCF", 5)}};
  const ResolvedAxis attacks(axes.attacks, trials);
  const ResolvedAxis codecs(axes.codecs, trials);
  for (size_t a = 0; a < attacks.size(); ++a) {
    for (size_t c = 0; c < codecs.size(); ++c) {
      const DetectorScores scores = detector_scores(trials, {attacks[a], codecs[c]});
      if (scores.bona_fide.empty() || scores.spoof.empty()) continue;
      const Asvspoof5Track1 cell = track1_of(scores, options.official);
      tables.grids[0].values[a][c] = cell.min_dcf;
      tables.grids[1].values[a][c] = 100 * cell.eer;
      tables.grids[2].values[a][c] = cell.cllr;
      tables.grids[3].values[a][c] = cell.actual_dcf;
      if (cell.corrected) note_corrected(2, tables);
    }
  }
  return tables;
}

Asvspoof5Tables asvspoof5_track2_tables(const Trials& trials, const Asvspoof5Options& options) {
  const Axes axes = axes_of(trials);
  Asvspoof5Tables tables{"# Track 2 Result: \n", {empty_grid(axes, "a-DCF", 5)}};
  const bool tandem = !trials.cm_scores.empty() && !trials.asv_scores.empty();
  if (tandem) {
    tables.grids.push_back(empty_grid(axes, "min tDCF", 5));
    tables.grids.push_back(empty_grid(axes, "t-EER (%)", 3));
  }
  const Trials& organiser = options.organiser_asv != nullptr ? *options.organiser_asv : trials;
  const ResolvedAxis attacks(axes.attacks, trials);
  const ResolvedAxis codecs(axes.codecs, trials);
  const ResolvedAxis organiser_attacks(axes.attacks, organiser);
  const ResolvedAxis organiser_codecs(axes.codecs, organiser);
  for (size_t a = 0; a < attacks.size(); ++a) {
    for (size_t c = 0; c < codecs.size(); ++c) {
      const std::vector<Selection> cell = {attacks[a], codecs[c]};
      if (!verification_scores(trials, trials.sasv_scores, cell).complete()) continue;
      const auto attempt = [&](std::string_view figure, const std::function<void()>& compute) {
        const auto problem = problem_of(compute);
        if (!problem) return;
        tables.warnings.push_back(fmt::format("{}, {}: no {}: {}", printable(axes.attacks[a].tag),
                                              printable(axes.codecs[c].tag), figure, *problem));
      };
      const Asvspoof5Track2 result =
          track2_of(trials, cell, {organiser_attacks[a], organiser_codecs[c]}, options, attempt);
      tables.grids[0].values[a][c] = result.a_dcf;
      if (!tandem) continue;
      tables.grids[1].values[a][c] = result.min_tdcf.value_or(kNan);
      tables.grids[2].values[a][c] = result.t_eer.value_or(kNan);
      if (result.tdcf_corrected) note_corrected(1, tables);
      if (result.t_eer_corrected) note_corrected(2, tables);
    }
  }
  return tables;
}

std::string Asvspoof5Tables::text(bool latex_colours) const {
  std::string text = heading;
  for (size_t i = 0; i < grids.size(); ++i) {
    text += fmt::format("{}{}\n\n{}\n{}\n", i > 0 ? "\n" : "", grids[i].caption,
                        grid_latex(grids[i], latex_colours), grid_text(grids[i]));
  }
  return text;
}

}  // namespace bonafide
