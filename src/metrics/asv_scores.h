#pragma once

#include <string>

#include "metrics/tandem_cost.h"

namespace bonafide {

// The operating point of the speaker verification behind a countermeasure, from a file of its
// scores with keys (target, nontarget, spoof), in any dialect of TrialTable. Throws as TrialTable
// does, and Error when a class has no trials.
AsvRates read_asv_rates(const std::string& path);

}  // namespace bonafide
