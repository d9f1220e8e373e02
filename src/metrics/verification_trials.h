#pragma once

#include <cstdint>
#include <vector>

#include "metrics/detector_trials.h"
#include "metrics/ranked_trials.h"
#include "metrics/verification_spans.h"
#include "trials/trials.h"

namespace bonafide {

// The scores of verification trials by class.
struct VerificationScores {
  std::vector<double> target;
  std::vector<double> nontarget;
  std::vector<double> spoof;

  size_t size() const { return target.size() + nontarget.size() + spoof.size(); }
  bool complete() const { return !target.empty() && !nontarget.empty() && !spoof.empty(); }
  VerificationSpans spans() const { return {target, nontarget, spoof}; }
  std::vector<double> not_target() const;  // nontargets, then spoofs
  // 0 for each target, 1 for each nontarget, 2 for each spoof, in this order.
  std::vector<uint8_t> classes() const;
};

// `scores`: a column of the trials. The trials that fulfil all selections.
VerificationScores verification_scores(const Trials& trials, const std::vector<double>& scores,
                                       const std::vector<Selection>& selections = {});

// Targets, nontargets and spoofs as the classes 0, 1 and 2, any of which may have no trials.
RankedTrials ranked(const VerificationScores& scores);

// Whose trials they are: targets, nontargets and spoofs one after another.
TrialSpeakers speakers_by_class(const Trials& trials);

// Whether a trial fulfils all selections.
bool selected(const Trials& trials, size_t trial, const std::vector<Selection>& selections);

// The column of a trial file that has only one kind of score, whatever it is called.
const std::vector<double>& only_scores(const Trials& trials);

}  // namespace bonafide
