#pragma once

#include <vector>

#include "base/json.h"
#include "metrics/ranking.h"

namespace bonafide {

// The best monotone map of scores to log-likelihood ratios on its training trials (pool adjacent
// violators), with one trial of each class added at either end so that no ratio is infinite.
class PavCalibration {
 public:
  static PavCalibration fit(const Ranking& ranking);

  // Linear between the pools, constant inside them and beyond the ends.
  double operator()(double score) const;

  Json to_json() const;
  static PavCalibration from_json(const Json& json);

 private:
  std::vector<double> scores_;  // ends of the pools, ascending
  std::vector<double> llrs_;    // at scores_, not descending
};

}  // namespace bonafide
