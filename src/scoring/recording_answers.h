#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/progress.h"
#include "scoring/backend.h"
#include "scoring/inputs.h"
#include "scoring/scorer.h"
#include "scoring/scoring_options.h"

namespace bonafide {

// Hands over a row with its place among the inputs.
using RowSink = std::function<void(size_t index, const ScoreRow& row)>;

// Scores inputs, here or shared among processes, and hands the rows over in their order. Rows have
// embeddings where `embeddings` is set and the model gives any. When interrupted there are fewer.
using ScoreAll = std::function<ScoringSummary(std::span<const Input> inputs, bool embeddings,
                                              const RowSink& sink)>;

// By a model that is here. The references must outlive the function.
ScoreAll score_here(Backend& backend, const ScoringOptions& options, Progress& progress);

// What a model says of a recording, for those who make figures of it.
struct RecordingAnswer {
  std::optional<double> score = {};
  std::vector<float> embedding = {};  // where it was asked for and the model gives one
  std::vector<float> parts = {};      // what the score is made of, named by Backend::part_names
  std::string detail = {};            // as ScoreRow has it: why there is no score, or remarks
  bool asked = false;                 // false: the scoring was interrupted before
};

// As many as recordings, in their order.
struct RecordingAnswers {
  std::vector<RecordingAnswer> rows;
  bool interrupted = false;
};

// Asks about recordings, by oneself or together with other processes.
using AskAboutAll =
    std::function<RecordingAnswers(std::span<const Input> recordings, bool embeddings)>;

AskAboutAll ask_by(ScoreAll score);

}  // namespace bonafide
