#pragma once

#include <string>

#include "metrics/tandem_cost.h"

namespace bonafide {

// The operating point of the speaker verification behind a countermeasure, from a file of its
// scores in any dialect of TrialTable: of the column asv-score, else of the only scores there are.
// What each trial is (target, nontarget, spoof) says the file itself, or `key`. Throws as
// TrialTable and join do, UsageError for a file without such scores, Error when a class has no
// trials.
AsvRates read_asv_rates(const std::string& path, const std::string& key = "");

}  // namespace bonafide
