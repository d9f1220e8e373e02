#pragma once

#include "scoring/recording_answers.h"
#include "train/communicator.h"

namespace bonafide {

// Every process asks about its share of the recordings, and all of them get all answers. The
// references must outlive the function. Throws UsageError for a backend whose answers depend on the
// others of their batch, unless there is one process.
AskAboutAll ask_together(Communicator& all, Backend& backend, const ScoringOptions& options,
                         Progress& progress);

}  // namespace bonafide
