#include "metrics/verification_trials.h"

#include <algorithm>

#include "base/error.h"

namespace bonafide {

VerificationScores verification_scores(const Trials& trials, const std::vector<double>& scores,
                                       const std::vector<Selection>& selections) {
  VerificationScores result;
  for (size_t i = 0; i < scores.size(); ++i) {
    if (!selected(trials, i, selections)) continue;
    switch (trials.classes[i]) {
      case Truth::kTarget:
        result.target.push_back(scores[i]);
        break;
      case Truth::kNontarget:
        result.nontarget.push_back(scores[i]);
        break;
      case Truth::kSpoof:
        result.spoof.push_back(scores[i]);
        break;
      default:
        throw UsageError("a bona fide trial is neither target nor nontarget");
    }
  }
  return result;
}

std::vector<double> VerificationScores::not_target() const {
  std::vector<double> scores = nontarget;
  scores.insert(scores.end(), spoof.begin(), spoof.end());
  return scores;
}

std::vector<uint8_t> VerificationScores::classes() const {
  std::vector<uint8_t> classes(target.size(), 0);
  classes.resize(target.size() + nontarget.size(), 1);
  classes.resize(size(), 2);
  return classes;
}

RankedTrials ranked(const VerificationScores& scores) {
  return RankedTrials(
      {{"target", scores.target}, {"nontarget", scores.nontarget}, {"spoof", scores.spoof}},
      EmptyClasses::kAllowed);
}

TrialSpeakers speakers_by_class(const Trials& trials) {
  std::vector<uint32_t> rows;
  for (const Truth wanted : {Truth::kTarget, Truth::kNontarget, Truth::kSpoof}) {
    for (uint32_t i = 0; i < trials.size(); ++i) {
      if (trials.classes[i] == wanted) rows.push_back(i);
    }
  }
  return speakers_of(trials, rows);
}

bool selected(const Trials& trials, size_t trial, const std::vector<Selection>& selections) {
  return std::all_of(selections.begin(), selections.end(), [&](const Selection& s) {
    return s.condition == nullptr || selects(*s.condition, *s.factor, trial, trials.classes[trial]);
  });
}

const std::vector<double>& only_scores(const Trials& trials) {
  if (!trials.sasv_scores.empty()) return trials.sasv_scores;
  if (!trials.asv_scores.empty()) return trials.asv_scores;
  return trials.cm_scores;
}

}  // namespace bonafide
