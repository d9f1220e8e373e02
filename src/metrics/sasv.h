#pragma once

#include "metrics/detection_cost.h"
#include "metrics/eer.h"
#include "metrics/verification_spans.h"

namespace bonafide {

// In all of these a higher score means target speaker and bona fide.

// Of the SASV challenge 2022, variant brentq there.
struct SasvEers {
  double sasv = 0;  // target against nontarget and spoof
  double sv = 0;    // target against nontarget
  double spf = 0;   // target against spoof
};
SasvEers sasv_eers(const VerificationSpans& scores, EerVariant variant = EerVariant::kBrentq);

// Targets, nontargets and spoofs as the classes 0, 1 and 2.
Ranking sasv_ranking(const VerificationSpans& scores);
SasvEers sasv_eers(const Ranking& ranking, EerVariant variant = EerVariant::kBrentq);

// Costs of one decision for everything (Shim et al., "a-DCF: an architecture agnostic metric with
// application to spoofing-robust speaker verification", Odyssey 2024).
struct AgnosticCosts {
  double target_prior = 0.9405;
  double nontarget_prior = 0.0095;
  double spoof_prior = 0.05;
  double miss = 1;
  double nontarget_accepted = 10;
  double spoof_accepted = 10;
};
inline constexpr AgnosticCosts kAsvspoof5AgnosticCosts = {};
// The default of the authors' package, "a-DCF1".
inline constexpr AgnosticCosts kPaperAgnosticCosts = {0.9, 0.05, 0.05, 1, 10, 20};

// Costs of deciding target or nontarget: 1 for either error, as minDCF of speaker verification is
// usually reported, with a target prior of 0.05 (VoxCeleb's challenges) or 0.01 (NIST's).
constexpr DetectionCosts verification_costs(double target_prior) {
  return {1 - target_prior, 1, 1};
}

Cost min_agnostic_dcf(const VerificationSpans& scores,
                      const AgnosticCosts& costs = kAsvspoof5AgnosticCosts);
Cost min_agnostic_dcf(const Ranking& ranking, const AgnosticCosts& costs = kAsvspoof5AgnosticCosts);

}  // namespace bonafide
