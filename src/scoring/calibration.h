#pragma once

#include <string_view>

#include "base/json.h"

namespace bonafide {

enum class Verdict { kBonaFide, kSpoof, kInconclusive };

std::string_view name_of(Verdict verdict);  // bonafide, spoof, inconclusive

// Turns a raw score into a log-likelihood ratio (natural log), llr = scale * score + bias, fitted
// on data that the model was not trained on.
struct Calibration {
  double scale = 1;  // positive
  double bias = 0;
  double prior = 0.5;             // of bona fide, for the probability
  double inconclusive_llr = 1.0;  // |llr| below this is no verdict

  double llr(double score) const { return scale * score + bias; }
  double probability(double llr) const;  // of bona fide, after Bayes with `prior`
  Verdict verdict(double llr) const;

  Json to_json() const;
  // Throws Error for a missing key or a value out of range.
  static Calibration from_json(const Json& json);
};

}  // namespace bonafide
