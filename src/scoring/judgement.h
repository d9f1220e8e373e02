#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "scoring/calibration.h"

namespace bonafide {

// Which windows of a recording make its score.
enum class Over { kFirst, kMean, kWorst };

std::string_view name_of(Over over);  // first, mean, worst

// Throws UsageError for another word.
Over parse_over(std::string_view word);

// What a model said of one window.
struct WindowScore {
  double start = 0;  // seconds
  double score = 0;  // uncalibrated; not a number where the model failed
  std::string still =
      {};  // "digital silence" or "constant signal", of which no score says anything
  std::vector<float> parts = {}, embedding = {};  // as Opinion has them
};

// What is said of a recording.
struct Judgement {
  std::optional<double> score;  // nothing: `detail` says why
  std::vector<float> parts, embedding;
  std::optional<double> llr;
  std::optional<double> probability;
  std::optional<Verdict> verdict;
  std::string detail;  // one line, or empty
};

// Of a recording's windows, in their order and at least one: by the first of them; by the mean of
// their scores and of their log-likelihood ratios; or by the lowest score. Parts and embedding are
// those of the same window, or means. Without any variation
// (`constant`: of the whole recording) a window still has its score, so that lists of trials stay
// complete, but the verdict is inconclusive; means and lowest scores are those of the windows with
// variation, if there are any.
Judgement judge(std::span<const WindowScore> windows, Over over,
                const std::optional<Calibration>& calibration, bool constant);

}  // namespace bonafide
