#include "evaluation/part_figures.h"

#include <fmt/format.h>

#include "base/error.h"
#include "metrics/detector_result.h"
#include "metrics/sasv_result.h"

namespace bonafide {

namespace {

PartFigures detection_figures(const std::vector<Trial>& trials, const TrialScores& scores,
                              const std::optional<AsvSystem>& asv) {
  const ClassScores classes = scores_by_class(trials, scores);
  const auto result = evaluate_detector(classes.bona_fide, classes.spoof, {.asv = asv});
  PartFigures figures;
  figures.eer = figures.choosing = 100 * result.eer.value;
  if (result.legacy_tandem_dcf) figures.min_tdcf = result.legacy_tandem_dcf->value;
  return figures;
}

SasvResult verification_result(const std::vector<Trial>& trials, const TrialScores& scores) {
  Trials scored;
  for (size_t i = 0; i < trials.size(); ++i) {
    if (!scores.scores[i]) continue;
    scored.classes.push_back(asv_key_of(trials[i]));
    scored.sasv_scores.push_back(*scores.scores[i]);
  }
  return evaluate_sasv(scored);
}

PartFigures verification_figures(const SasvResult& result, const EpochSelection& selection) {
  const auto told = [](const SasvFigure& f) { return f.rate ? 100 * *f.value : *f.value; };
  PartFigures figures;
  for (const SasvFigure& figure : result.figures) {
    if (figure.value) figures.verification.emplace_back(figure.name, told(figure));
  }
  const SasvFigure* const rate = result.leading_rate();
  if (rate != nullptr) figures.eer = told(*rate);
  const SasvFigure* const choosing = result.find(selection.figure);
  if (choosing == nullptr || !choosing->value) {
    throw Error(fmt::format("train.select_by: {}: {}", selection.figure,
                            choosing == nullptr ? "no such figure" : choosing->reason));
  }
  figures.choosing = told(*choosing);
  return figures;
}

}  // namespace

void expect_figure(const std::vector<Trial>& trials, const Task& task,
                   const EpochSelection& selection) {
  if (!task.verifies()) return;
  TrialScores scores;
  for (size_t i = 0; i < trials.size(); ++i) scores.scores.emplace_back(static_cast<double>(i));
  try {
    verification_figures(verification_result(trials, scores), selection);
  } catch (const Error& e) {
    throw UsageError(fmt::format("data.{}: {}", selection.part, e.what()));
  }
}

ClassScores scores_by_class(const std::vector<Trial>& trials, const TrialScores& scores) {
  ClassScores classes;
  for (size_t i = 0; i < trials.size(); ++i) {
    if (!scores.scores[i]) continue;
    if (is_bona_fide(trials[i].truth)) classes.bona_fide.push_back(*scores.scores[i]);
    if (trials[i].truth == Truth::kSpoof) classes.spoof.push_back(*scores.scores[i]);
  }
  return classes;
}

PartFigures figures_of(const std::vector<Trial>& trials, const TrialScores& scores,
                       const Task& task, const EpochSelection& selection,
                       const std::optional<AsvSystem>& asv) {
  if (!task.verifies()) return detection_figures(trials, scores, asv);
  return verification_figures(verification_result(trials, scores), selection);
}

}  // namespace bonafide
