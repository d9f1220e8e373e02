#pragma once

#include <cstddef>
#include <span>

#include "metrics/ranking.h"

namespace bonafide {

// Scores of a countermeasure and of a speaker verification system for the same trials.
struct TandemScores {
  struct Pair {
    std::span<const double> asv;
    std::span<const double> cm;
  };
  Pair target;
  Pair nontarget;
  Pair spoof;
};

// The concurrent tandem equal error rate (Kinnunen et al., "t-EER: Parameter-free tandem evaluation
// of countermeasures and biometric comparators", TPAMI 2024): the pair of thresholds at which the
// miss rate and the false alarm rates of nontargets and of spoofs are all equal.
struct TandemEer {
  double value = 0;      // fraction
  size_t asv_index = 0;  // point of the ASV curve, which ranks all trials: 0 .. number of trials
  size_t cm_index = 0;
  double asv_threshold = 0;
  double cm_threshold = 0;
};

// The rankings that both curves come from: targets, nontargets and spoofs by their ASV scores, bona
// fide trials and spoofs by their CM scores.
Ranking asv_ranking(const TandemScores& scores);
Ranking cm_ranking(const TandemScores& scores);

// Over all pairs of thresholds, in time proportional to the number of trials after sorting: the
// tandem's miss less its false alarm rate grows along both curves, so the CM point that balances
// them moves one way only. Throws Error when no ASV threshold qualifies.
TandemEer tandem_eer(const TandemScores& scores, double spoof_prevalence = 0.5);
TandemEer tandem_eer(const Ranking& asv, const Ranking& cm, double spoof_prevalence = 0.5);

// As the ASVspoof 5 package does it: a search on decimated curves, then in a window around the
// result. Equal to the full search as a rule, but not always.
TandemEer official_tandem_eer(const TandemScores& scores, double spoof_prevalence = 0.5);
TandemEer official_tandem_eer(const Ranking& asv, const Ranking& cm, double spoof_prevalence = 0.5);

}  // namespace bonafide
