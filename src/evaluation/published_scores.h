#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checkpoint/model_file.h"
#include "corpus/trial.h"
#include "evaluation/reference_condition.h"
#include "scoring/trial_scores.h"

namespace bonafide {

// What Security-FIT/RAT calls the score file of a system of pairs under a condition, as in
// "RAT_with_reference_scores.txt", "RAT_zero_reference_scores.txt" and "RAT_test_only_scores.txt";
// none for other systems, whose published files have other forms.
std::optional<std::string> published_score_name(const ModelDescription& model,
                                                const ReferenceCondition& condition);

// "file_name,score,label" for each trial with a score, without a header: the probability of bona
// fide speech by the part `margin`, and 0 for bona fide, 1 for spoofed, nan for unknown.
std::string published_scores(const std::vector<Trial>& trials, const TrialScores& scores);

}  // namespace bonafide
