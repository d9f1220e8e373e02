#pragma once

#include <optional>
#include <span>
#include <string>

#include "metrics/detection_cost.h"
#include "metrics/eer.h"
#include "metrics/ranking.h"
#include "metrics/verification_spans.h"

namespace bonafide {

// Error rates of the speaker verification (ASV) system behind a countermeasure (CM).
struct AsvRates {
  double false_alarm = 0;  // nontargets accepted
  double miss = 0;         // targets rejected
  // Spoofs rejected, and accepted; nothing where there were none to measure it with.
  std::optional<double> spoof_miss = {};
  std::optional<double> spoof_false_alarm = {};
};

// Scores at or above `threshold` are accepted. Throws Error without targets or nontargets.
AsvRates asv_rates_at(const VerificationSpans& scores, double threshold);

// At the threshold of the det EER of target against nontarget, as in ASVspoof 2019 and 2021. The
// trial on the threshold is accepted here and rejected there: the official values depend on it.
AsvRates asv_operating_point(const VerificationSpans& scores);

// What scores say of an ASV system, whichever classes of trials they have.
struct AsvSystem {
  size_t target = 0;  // trials
  size_t nontarget = 0;
  size_t spoof = 0;
  std::optional<Eer> eer = {};         // det, of target against nontarget
  std::optional<AsvRates> rates = {};  // at its threshold
  std::string reason = {};             // "no ASV spoof trials", when a class is missing
};
AsvSystem asv_system(const VerificationSpans& scores);

// ASVspoof 5 track 2: the organisers' ASV system.
inline constexpr AsvRates kAsvspoof5AsvRates = {0.01881016557566423, 0.01880141010575793,
                                                1 - 0.4607082907604729, 0.4607082907604729};

// The cost model of all ASVspoof challenges by default.
struct TandemCosts {
  double spoof_prior = 0.05;
  double target_prior = 0.95 * 0.99;
  double nontarget_prior = 0.95 * 0.01;
  double miss_asv = 1;  // legacy: ASV rejects a target; revised: the tandem rejects a target
  double false_alarm_asv = 10;  // legacy: ASV accepts a nontarget; revised: the tandem does
  double miss_cm = 1;           // legacy only: CM rejects a target
  double false_alarm_cm = 10;   // CM, or the tandem in the revised form, accepts a spoof
};

// Weights of the normalised t-DCF, (c0 + c1 miss + c2 false_alarm) / (c0 + min(c1, c2)).
struct TandemWeights {
  double c0 = 0;
  double c1 = 0;
  double c2 = 0;
};

// Both throw Error for rates without those of spoofs.
//
// ASVspoof 2019 evaluation plan: c0 is 0.
TandemWeights legacy_tandem_weights(const AsvRates& asv, const TandemCosts& costs = {});
// Kinnunen et al., "Tandem assessment of spoofing countermeasures and automatic speaker
// verification: fundamentals", TASLP 2020, as in ASVspoof 2021 and 5.
TandemWeights revised_tandem_weights(const AsvRates& asv, const TandemCosts& costs = {});

// With the index of the DET point where it is reached.
struct TandemCost : Cost {
  size_t index = 0;
};

// Minimum t-DCF over the CM's DET curve; the first one wins. Throws Error, as the official tools
// refuse: priors that are no distribution, negative weights, NaN or infinite CM scores, fewer than
// three distinct CM scores. NaN when both c0 and min(c1, c2) are 0.
TandemCost min_tandem_dcf(const Ranking& cm, const TandemWeights& weights);

// Throws Error when the priors are no distribution.
void check(const TandemCosts& costs);

}  // namespace bonafide
