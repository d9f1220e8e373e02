#include "loading/sampling_weights.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/error.h"
#include "base/json_value.h"
#include "base/text.h"

namespace bonafide {

namespace {

// A recipe's rules are texts, as the names of speakers in them have to stay what they are.
std::optional<double> number_of(const Json& value) {
  if (value.is_string()) return parse_double(value.get<std::string>());
  return value.is_number() ? std::optional(value.get<double>()) : std::nullopt;
}

WeightRule read_rule(const Json& item, const std::string& where) {
  WeightRule rule;
  const bool complete = item.is_object() && item.size() == 2 && item.contains("weight");
  const auto weight = complete ? number_of(item["weight"]) : std::nullopt;
  if (!weight) {
    throw UsageError(fmt::format("{}: a rule is {{FIELD: VALUE, weight: NUMBER}}, not {}", where,
                                 printable(item.dump(), 80)));
  }
  rule.weight = *weight;
  if (!(rule.weight >= 0) || !std::isfinite(rule.weight)) {
    throw UsageError(fmt::format("{}: a weight is a number from 0 on", where));
  }
  for (const auto& [name, value] : item.items()) {
    if (name == "weight") continue;
    rule.field = find_trial_field(name);
    if (rule.field == nullptr) {
      throw UsageError(fmt::format("{}: \"{}\" is no field of a trial", where, printable(name)));
    }
    rule.value = value.is_string() ? value.get<std::string>() : value.dump();
  }
  return rule;
}

}  // namespace

std::vector<WeightRule> read_weight_rules(const Json& list, const std::string& where) {
  std::vector<WeightRule> rules;
  for (size_t i = 0; i < list.size(); ++i) {
    rules.push_back(read_rule(list[i], fmt::format("{}[{}]", where, i)));
  }
  return rules;
}

std::vector<double> sampling_weights(const std::vector<Trial>& trials,
                                     const std::vector<WeightRule>& rules) {
  std::vector<double> weights(trials.size(), 1.0);
  for (const WeightRule& rule : rules) {
    size_t fulfilled = 0;
    for (size_t i = 0; i < trials.size(); ++i) {
      if (rule.field->get(trials[i]) != rule.value) continue;
      weights[i] *= rule.weight;
      ++fulfilled;
    }
    if (fulfilled == 0) {
      throw UsageError(fmt::format("train.weights: no recording has the {} \"{}\"",
                                   rule.field->name, printable(rule.value)));
    }
  }
  if (std::none_of(weights.begin(), weights.end(), [](double weight) { return weight > 0; })) {
    throw UsageError("train.weights: all recordings have the weight 0");
  }
  return weights;
}

}  // namespace bonafide
