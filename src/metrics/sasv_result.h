#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "metrics/comparison.h"
#include "metrics/detector_trials.h"
#include "metrics/resampling.h"
#include "metrics/sasv.h"
#include "metrics/sasv_figures.h"
#include "trials/factor.h"
#include "trials/trials.h"

namespace bonafide {

struct SasvOptions {
  EerVariant eer = EerVariant::kBrentq;  // the challenge's
  bool official = false;                 // the t-EER as the ASVspoof 5 package searches it
  size_t resamples = 0;                  // 0: no intervals
  Resampling resampling = Resampling::kPlain;
  double confidence = 0.95;
  uint64_t seed = 0;
};

// All figures of speaker verification, aware of spoofing or not, on one set of trials. Any class
// may be missing: the figures that need it have a reason instead of a value.
struct SasvResult {
  size_t target = 0;
  size_t nontarget = 0;
  size_t spoof = 0;
  // Those of the single score, and of the tandem with separate ASV and CM scores.
  std::vector<SasvFigure> figures;
  std::vector<std::string> warnings;  // where an official value would be another

  const SasvFigure* find(std::string_view name) const;  // null: not among the figures
  // Of the single score the first error rate that has a value, and the first cost; null for none.
  const SasvFigure* leading_rate() const;
  const SasvFigure* leading_cost() const;
  // "2 target, 1 nontarget, 3 spoof", or without the classes that have no trials.
  std::string trials_text() const;

  // What a table says: "SASV-EER %", "1.4213", "[1.3021, 1.5511]".
  struct Row {
    std::string name;
    std::string value;
    std::string note;
  };
  std::vector<Row> rows() const;
  std::string text() const;  // the rows for a terminal
  Json to_json() const;      // null for a figure without value, and why below "reasons"
};

// The single score is the SASV score, else the only one there is. Throws Error for NaN.
SasvResult evaluate_sasv(const Trials& trials, const SasvOptions& options = {});

// The trials with one value of a factor.
struct SasvCondition {
  std::string value;
  SasvResult result;
};
std::vector<SasvCondition> evaluate_sasv_by(const Trials& trials, const Factor& factor,
                                            const SasvOptions& options = {});

// An error rate of sasv_rules() by two crossed factors, as fractions.
CrossTable cross_sasv_eers(const Trials& trials, const Factor& row_factor,
                           const Factor& column_factor, std::string_view rate, EerVariant variant);

// Compares the single scores of two systems for the same trials, in the same order: the figures of
// sasv_rules() that both have, and the decisions at `threshold`, or at each system's det EER of
// targets against all others.
Comparison compare_sasv(const Trials& first, const Trials& second, const SasvOptions& options = {},
                        std::optional<double> threshold = std::nullopt);

}  // namespace bonafide
