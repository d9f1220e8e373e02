#pragma once

#include <optional>
#include <string>

#include "base/json.h"
#include "metrics/sasv.h"
#include "metrics/tandem_eer.h"
#include "metrics/trials.h"

namespace bonafide {

// All figures of spoofing-aware speaker verification on one set of trials.
struct SasvResult {
  size_t target = 0;
  size_t nontarget = 0;
  size_t spoof = 0;
  SasvEers eers;                        // of the single score, variant brentq
  Cost asvspoof5;                       // a-DCF with the costs of ASVspoof 5
  Cost paper;                           // a-DCF1
  std::optional<TandemEer> tandem_eer;  // with separate ASV and CM scores
  std::optional<double> min_tandem_dcf;

  std::string text() const;  // a short table for a terminal
  Json to_json() const;
};

// Whether the trials are those of verification: all bona fide ones are targets or nontargets.
bool are_verification_trials(const Trials& trials);

// The single score is the SASV score, else the only one there is. `official`: the t-EER as the
// ASVspoof 5 package searches it.
SasvResult evaluate_sasv(const Trials& trials, bool official);

}  // namespace bonafide
