#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/json.h"
#include "metrics/fusion_rule.h"
#include "metrics/logistic_regression.h"
#include "metrics/pav_calibration.h"
#include "metrics/sasv_fusion.h"

namespace bonafide {

// What `bonafide fuse` fits and applies: from one or more scores of a trial to one.
//
//   affine, linear  weights and a bias by prior-weighted logistic regression; one score or several
//   pav             a monotone map of one score
//   asvspoof5       the organisers' fusion of an ASV and a CM score
//   mean, max, ...  a rule, which nobody fits (fusion_rule.h), of so many scores
class ScoreMap {
 public:
  explicit ScoreMap(LinearMap map, double prior) : map_(std::move(map)), prior_(prior) {}
  explicit ScoreMap(PavCalibration map, double prior = 0.5) : map_(std::move(map)), prior_(prior) {}
  explicit ScoreMap(SasvFusion map) : map_(std::move(map)) {}
  ScoreMap(FusionRule rule, size_t inputs) : map_(std::move(rule)), inputs_(inputs) {}

  // How many scores a trial has to have.
  size_t inputs() const;
  // Two inputs are the ASV score and the CM score.
  bool takes_asv_and_cm() const { return std::holds_alternative<SasvFusion>(map_); }

  double operator()(std::span<const double> scores) const;

  // A map of one score is also a Calibration of the room scoring.
  Json to_json() const;
  // Throws Error for an unknown kind and for what is missing.
  static ScoreMap from_json(const Json& json);

 private:
  std::variant<LinearMap, PavCalibration, SasvFusion, FusionRule> map_;
  double prior_ = 0.5;
  size_t inputs_ = 0;  // of a rule
};

}  // namespace bonafide
