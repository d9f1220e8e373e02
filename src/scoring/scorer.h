#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/progress.h"
#include "scoring/backend.h"
#include "scoring/calibration.h"
#include "scoring/inputs.h"
#include "scoring/judgement.h"
#include "scoring/scoring_options.h"

namespace bonafide {

struct Segment {
  double start = 0;  // seconds
  double end = 0;
  double score = 0;
  std::string detail = {};  // "digital silence", or empty
};

// The answer for one input: a score, or the reason why there is none.
struct ScoreRow {
  std::string file;  // as the input was given
  std::optional<double> score;
  std::optional<double> llr;
  std::optional<double> probability;
  std::optional<Verdict> verdict;
  double seconds = 0;  // of audio; 0 when it could not be read
  std::string detail;  // one line: the error, or warnings
  Over over = Over::kFirst;
  std::string precision = "float32";                      // of the arithmetic
  std::vector<std::pair<std::string, float>> parts = {};  // what the score is made of
  std::vector<float> embedding = {};
  std::vector<Segment> segments = {};
};

struct ScoringSummary {
  size_t scored = 0;
  size_t failed = 0;
  bool interrupted = false;
};

// Scores the inputs with `backend` and hands the rows to `sink` in their order, as they come. An
// input in trouble, or one that cannot be read, becomes a row with a reason; it never stops the
// others. Stops early, with the rows so far, when interrupted.
//
// Which windows of a recording make its score, and what silence comes to, is said at judge().
// Several references of one recording make the mean of what the model says beside each; a reference
// without variation, shorter than a second, or that is the recording itself is said in `detail`.
ScoringSummary score_inputs(std::span<const Input> inputs, Backend& backend,
                            const ScoringOptions& options, Progress& progress,
                            const std::function<void(const ScoreRow&)>& sink);

}  // namespace bonafide
