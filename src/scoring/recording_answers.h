#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/progress.h"
#include "scoring/backend.h"
#include "scoring/inputs.h"
#include "scoring/scoring_options.h"

namespace bonafide {

// What a model says of a recording, for those who make figures of it.
struct RecordingAnswer {
  std::optional<double> score = {};
  std::vector<float> embedding = {};  // where it was asked for and the model gives one
  std::vector<float> parts = {};      // what the score is made of, named by Backend::part_names
  std::string detail = {};            // as ScoreRow has it: why there is no score, or remarks
  bool asked = true;                  // false: another process was interrupted before
};

// In the order of the recordings; when interrupted there may be fewer.
struct RecordingAnswers {
  std::vector<RecordingAnswer> rows;
  bool interrupted = false;
};

// Asks about recordings, by oneself or together with other processes.
using AskAboutAll =
    std::function<RecordingAnswers(std::span<const Input> recordings, bool embeddings)>;

// Asks a model that is here. The references must outlive the function.
AskAboutAll ask_here(Backend& backend, const ScoringOptions& options, Progress& progress);

}  // namespace bonafide
