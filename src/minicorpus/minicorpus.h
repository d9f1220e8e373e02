#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/progress.h"
#include "corpus/shortcuts.h"
#include "minicorpus/plan.h"

namespace bonafide {

struct MinicorpusReport {
  std::vector<Trial> trials;         // what was made
  std::set<std::string> missing;     // Debian packages whose share is left out
  std::vector<std::string> reasons;  // why single utterances are left out
  ShortcutTable shortcuts;
  bool interrupted = false;  // a rerun goes on where this stopped
};

// Makes the mini corpus from the speech and the synthesisers in Debian's packages:
// FOLDER/{train,dev,eval,eval-telephone}/*.flac, manifest.csv, shortcuts.csv and README.txt. Files
// that are there already are kept. Throws Error when it cannot be made at all, and UsageError when
// the folder holds something else.
MinicorpusReport make_minicorpus(const MinicorpusOptions& options, Progress& progress);

}  // namespace bonafide
