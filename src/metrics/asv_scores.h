#pragma once

#include <string>

#include "metrics/tandem_cost.h"

namespace bonafide {

// The speaker verification behind a countermeasure, from a file of its scores in any dialect of
// TrialTable: of the column asv-score, else of the only scores there are. What each trial is
// (target, nontarget, spoof) says the file itself, or `key`; a class may have no trials. Throws as
// TrialTable and join do, UsageError for a file without such scores and for labels that say bona
// fide only.
AsvSystem read_asv_system(const std::string& path, const std::string& key = "");

}  // namespace bonafide
