#pragma once

#include "processes/communicator.h"
#include "scoring/recording_answers.h"

namespace bonafide {

// Every process scores its share of the inputs, and all of them get all rows: a single process as
// they come, several when all shares are done. All must be given the same inputs. The references
// must outlive the function. Throws UsageError for a backend whose answers depend on the others of
// their batch, unless there is one process.
ScoreAll score_together(Communicator& all, Backend& backend, const ScoringOptions& options,
                        Progress& progress);

}  // namespace bonafide
