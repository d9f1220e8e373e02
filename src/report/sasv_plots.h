#pragma once

#include <string>
#include <vector>

#include "metrics/sasv_result.h"
#include "metrics/verification_trials.h"
#include "report/plots.h"
#include "report/sasv_tables.h"

namespace bonafide {

// A curve of a DET plot: targets against those who are let in wrongly, with the error rate to mark.
struct SasvCurve {
  std::string name;
  Ranking ranking;
  std::optional<double> rate;  // none: the variant does not take such scores

  RankedSystem system() const;
};

// Targets against all the others, and against each kind that there is.
std::vector<SasvCurve> sasv_curves(const VerificationScores& scores, const SasvResult& result);

// The DET plot of curves of such trials.
std::string sasv_det_plot(const std::vector<SasvCurve>& curves, const SasvResult& result);

std::string sasv_histogram(const VerificationScores& scores);

// A bar of the rate for each value of the factor, with that of all trials as reference.
std::string sasv_bars(const SasvFigure& rate, const SasvBreakdown& breakdown);

}  // namespace bonafide
