#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "corpus/trial.h"
#include "corpus/trial_fields.h"

namespace bonafide {

// How often trials are drawn whose field has that value, relative to others.
struct WeightRule {
  const TrialField* field = nullptr;
  std::string value;
  double weight = 1;
};

// A recipe's list of {FIELD: VALUE, weight: NUMBER}; FIELD is one of trial_fields(). Throws
// UsageError naming the item.
std::vector<WeightRule> read_weight_rules(const Json& list, const std::string& where);

// For each trial the product of the weights of all rules that it fulfils, 1 for none. Throws
// UsageError for a rule that no trial fulfils (a slip of the pen), and when all weights are 0.
std::vector<double> sampling_weights(const std::vector<Trial>& trials,
                                     const std::vector<WeightRule>& rules);

}  // namespace bonafide
