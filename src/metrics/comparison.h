#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "metrics/detector_result.h"
#include "metrics/ranked_trials.h"

namespace bonafide {

// A figure of two systems on the same trials.
struct PairedFigure {
  std::string name;
  double first = 0;
  double second = 0;
  Interval difference;  // of first - second
  double p_value = 1;   // two-sided, of no difference
};

// McNemar's exact test of the decisions of two systems: of the trials that only one of them decides
// rightly, each is as often the one if the two are equally good (McNemar, Psychometrika 1947).
struct McNemar {
  double first_threshold = 0;  // scores at or above it are called bona fide
  double second_threshold = 0;
  size_t only_first = 0;  // trials that only the first decides rightly
  size_t only_second = 0;
  double p_value = 1;  // two-sided
};

// P-value of a split as uneven as this one, or more so, of fair coin tosses.
double sign_test(size_t one, size_t other);

// Scores of a system: trial i of each class is the same for both systems of a comparison.
struct PairedScores {
  std::span<const double> bona_fide;
  std::span<const double> spoof;
};

struct Comparison {
  // EER, minDCF; of finite scores Cllr, and the t-DCFs when there are ASV rates.
  std::vector<PairedFigure> figures;
  McNemar decisions;

  Json to_json() const;
};

// A figure of both systems, and how to compute it on a resample of either.
struct ComparedFigure {
  std::string name;
  double first = 0;
  double second = 0;
  Statistic resampled;
};

// Draws the same trials for both systems, as often as `options` says (1000 times for 0).
std::vector<PairedFigure> compare_figures(RankedTrials& first, RankedTrials& second,
                                          const std::vector<ComparedFigure>& figures,
                                          const Resampler& resampler,
                                          const BootstrapOptions& options);

// The lowest threshold that rejects the trial on the det EER's.
double eer_threshold(const Ranking& ranking);

McNemar compare_decisions(const PairedScores& first, double first_threshold,
                          const PairedScores& second, double second_threshold);

// The bootstrap draws the same trials for both systems (options.resamples; 1000 for 0). The
// decisions are taken at the thresholds given, or at each system's det EER. Throws Error when the
// systems have different trials, and for NaN.
Comparison compare_detectors(const PairedScores& first, const PairedScores& second,
                             const DetectorOptions& options, const TrialSpeakers& speakers = {},
                             std::optional<double> threshold = std::nullopt);

}  // namespace bonafide
