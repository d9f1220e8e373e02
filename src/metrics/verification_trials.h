#pragma once

#include <vector>

#include "metrics/detector_trials.h"
#include "metrics/sasv.h"
#include "metrics/tandem_cost.h"
#include "metrics/trials.h"

namespace bonafide {

// The scores of verification trials by class.
struct VerificationScores {
  std::vector<double> target;
  std::vector<double> nontarget;
  std::vector<double> spoof;

  bool complete() const { return !target.empty() && !nontarget.empty() && !spoof.empty(); }
  operator SasvScores() const { return {target, nontarget, spoof}; }
  operator AsvScores() const { return {target, nontarget, spoof}; }
};

// `scores`: a column of the trials. The trials that fulfil all selections.
VerificationScores verification_scores(const Trials& trials, const std::vector<double>& scores,
                                       const std::vector<Selection>& selections = {});

// Whether a trial fulfils all selections.
bool selected(const Trials& trials, size_t trial, const std::vector<Selection>& selections);

// The column of a trial file that has only one kind of score, whatever it is called.
const std::vector<double>& only_scores(const Trials& trials);

}  // namespace bonafide
