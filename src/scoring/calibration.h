#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "base/json.h"
#include "metrics/pav_calibration.h"

namespace bonafide {

enum class Verdict { kBonaFide, kSpoof, kInconclusive };

std::string_view name_of(Verdict verdict);  // bonafide, spoof, inconclusive

// Turns a raw score into a log-likelihood ratio (natural log), llr = scale * score + bias or a
// monotone map, fitted on data that the model was not trained on.
struct Calibration {
  double scale = 1;  // positive
  double bias = 0;
  double prior = 0.5;                           // of bona fide, for the probability
  double inconclusive_llr = 1.0;                // |llr| below this is no verdict
  std::optional<PavCalibration> monotone = {};  // instead of scale and bias

  double llr(double score) const { return monotone ? (*monotone)(score) : scale * score + bias; }
  double probability(double llr) const;  // of bona fide, after Bayes with `prior`
  Verdict verdict(double llr) const;

  Json to_json() const;
  // What the trainer stores and what `bonafide fuse fit` writes for one score (affine, pav). Throws
  // Error for a missing key, a value out of range, and maps of several scores.
  static Calibration from_json(const Json& json);
};

// A file of `bonafide fuse fit`. Throws Error when it cannot be read, UsageError naming it for what
// it holds.
Calibration read_calibration(const std::filesystem::path& path);

}  // namespace bonafide
