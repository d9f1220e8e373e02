#pragma once

#include <string>
#include <vector>

#include "corpus/trial.h"
#include "evaluation/task.h"
#include "scoring/trial_scores.h"

namespace bonafide {

// A table "file,score,label,speaker,attack,partition" that `bonafide metrics` reads; then, where
// speakers are claimed, "claimed_speaker", and of verification trials "asv_key"; a column for each
// further thing that the trials' protocol says (codec, language, ...), and one for each of
// `part_names`, "part_NAME". What could not be scored has empty cells.
//
// Where recordings are tried more than once against one speaker, known by another recording each
// time, that recording's path stands for the claimed speaker: it is what tells the trials apart.
std::string scores_csv(const std::vector<Trial>& trials, const TrialScores& scores,
                       const Task& task, const std::vector<std::string>& part_names = {});

// Names of the columns that results can be grouped by: the attack and the further ones that have
// several values, but few.
std::vector<std::string> factors_of(const std::vector<Trial>& trials);

}  // namespace bonafide
