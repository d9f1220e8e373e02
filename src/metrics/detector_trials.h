#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "metrics/breakdown.h"
#include "metrics/detector_result.h"
#include "metrics/problem.h"
#include "trials/trials.h"

namespace bonafide {

// The CM scores of both classes, and whose trials they are, bona fide ones first, when known.
struct DetectorScores {
  std::vector<double> bona_fide;
  std::vector<double> spoof;
  TrialSpeakers speakers;
};

// From the columns "speaker" and "claim" of the trials `rows`, in this order.
TrialSpeakers speakers_of(const Trials& trials, std::span<const uint32_t> rows);

// The trials that fulfil all `conditions` of the factors beside them; all trials for none.
struct Selection {
  const Factor* factor = nullptr;
  const Condition* condition = nullptr;
};
DetectorScores detector_scores(const Trials& trials, const std::vector<Selection>& selections = {});

// One row of a breakdown: the result, or why there is none ("no spoof trials").
struct ConditionResult {
  std::string value;
  size_t bona_fide = 0;
  size_t spoof = 0;
  std::optional<DetectorResult> result;
  std::string problem = {};

  Json to_json() const;  // without a result null for the figures, and the reason
};

std::vector<ConditionResult> evaluate_by(const Trials& trials, const Factor& factor,
                                         const DetectorOptions& options);

// A figure of two crossed factors, with "pooled" first in rows and columns; NaN where a class has
// no trials, and where the trials have no such figure, of which there is a warning.
struct CrossTable {
  std::vector<std::string> rows;
  std::vector<std::string> columns;
  std::vector<std::vector<double>> values;
  std::vector<std::string> warnings = {};
};
CrossTable cross(const Trials& trials, const Factor& row_factor, const Factor& column_factor,
                 const std::function<double(const std::vector<Selection>&)>& figure);

// EERs, as fractions.
CrossTable cross_eers(const Trials& trials, const Factor& row_factor, const Factor& column_factor,
                      EerVariant variant);

}  // namespace bonafide
