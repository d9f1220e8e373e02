#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "audio/location.h"
#include "base/progress.h"
#include "scoring/backend.h"
#include "scoring/calibration.h"
#include "scoring/inputs.h"
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
  std::vector<Segment> segments;
};

struct ScoringSummary {
  size_t scored = 0;
  size_t failed = 0;
  bool interrupted = false;
};

// Scores the files with `backend` and hands the rows to `sink` in input order, as they come. A file
// that cannot be read becomes a row with a reason; it never stops the others. Stops early, with the
// rows so far, when interrupted.
//
// A file's score is that of its first window, with `segments` too. Where that window, or
// the whole recording, is without any variation (digital silence), it has a score, so that lists of
// trials stay complete, but whatever the calibration makes of it, the verdict is inconclusive,
// without llr and probability.
ScoringSummary score_files(const std::vector<AudioLocation>& files, Backend& backend,
                           const ScoringOptions& options, Progress& progress,
                           const std::function<void(const ScoreRow&)>& sink);

// The same; an input in trouble becomes a row that says so.
ScoringSummary score_inputs(const std::vector<Input>& inputs, Backend& backend,
                            const ScoringOptions& options, Progress& progress,
                            const std::function<void(const ScoreRow&)>& sink);

// Where the windows of a recording of `length` samples begin: one after another, the last one
// shorter if at least a quarter of a window is left for it.
std::vector<size_t> segment_starts(size_t length, size_t window);

}  // namespace bonafide
