#pragma once

#include <span>

#include "corpus/trial.h"
#include "scoring/recording_answers.h"
#include "scoring/trial_scores.h"

namespace bonafide {

// How much each trial's recording sounds like the claimed speaker: the cosine, from -1 to 1, of its
// embedding and the mean of the embeddings of the speaker's enrolments. Each recording is asked
// about once, however many trials name it. One that has no embedding leaves its trials without a
// score. Throws UsageError when the model gives no embeddings.
TrialScores score_by_embeddings(std::span<const Trial> trials, const AskAboutAll& ask);

}  // namespace bonafide
