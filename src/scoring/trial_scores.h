#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "corpus/trial.h"
#include "scoring/recording_answers.h"

namespace bonafide {

// The scores of trials, in their order; higher means more bona fide, or more the claimed speaker.
struct TrialScores {
  std::vector<std::optional<double>> scores;  // none: see `troubles`
  // What each score is made of, named by Backend::part_names; empty for a trial without.
  std::vector<std::vector<float>> parts;
  std::vector<std::string> troubles;  // a line for each trial that could not be scored
  bool interrupted = false;
};

// How bona fide each trial's recording is, beside its reference where it has one.
TrialScores score_recordings(std::span<const Trial> trials, const AskAboutAll& ask);

// The same beside the enrolments of the claimed speaker, by a model that compares: the mean of what
// it says beside each of them.
TrialScores score_beside_enrolments(std::span<const Trial> trials, const AskAboutAll& ask);

}  // namespace bonafide
