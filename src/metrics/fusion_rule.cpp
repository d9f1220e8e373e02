#include "metrics/fusion_rule.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string_view>

#include "base/error.h"
#include "base/text.h"

namespace bonafide {

namespace {

template <typename Value>
double mean_of(std::span<const double> scores, const Value& value) {
  double sum = 0;
  for (const double score : scores) sum += value(score);
  return sum / static_cast<double>(scores.size());
}

double mean(std::span<const double> scores) {
  return mean_of(scores, [](double score) { return score; });
}

double largest(std::span<const double> scores) {
  return *std::max_element(scores.begin(), scores.end());
}

double smallest(std::span<const double> scores) {
  return *std::min_element(scores.begin(), scores.end());
}

double root(std::span<const double> scores) {
  return mean_of(scores, [](double score) { return std::sqrt(score); });
}

double geometric(std::span<const double> scores) {
  return std::exp(mean_of(scores, [](double score) { return std::log(score); }));
}

struct Rule {
  const char* name;
  double (*make)(std::span<const double>);
  bool only_positive;
};
constexpr std::array<Rule, 5> kRules = {{{"mean", mean, false},
                                         {"max", largest, false},
                                         {"min", smallest, false},
                                         {"root", root, true},
                                         {"geometric", geometric, true}}};

}  // namespace

FusionRule::FusionRule(const std::string& name) : name_(name) {
  const auto* found = std::find_if(kRules.begin(), kRules.end(),
                                   [&](const Rule& rule) { return rule.name == name; });
  if (found == kRules.end()) {
    throw Error(fmt::format("no rule called \"{}\"; there are: {}", printable(name),
                            fmt::join(names(), ", ")));
  }
  rule_ = found->make;
  only_positive_ = found->only_positive;
}

double FusionRule::operator()(std::span<const double> scores) const {
  const double least = smallest(scores);
  if (only_positive_ && least < 0) {
    throw Error(fmt::format(
        "{} is negative; this rule takes scores from 0 on, as probabilities are", least));
  }
  return rule_(scores);
}

bool FusionRule::is_one(const std::string& name) {
  return std::find(names().begin(), names().end(), name) != names().end();
}

const std::vector<std::string>& FusionRule::names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const Rule& rule : kRules) all.emplace_back(rule.name);
    return all;
  }();
  return names;
}

}  // namespace bonafide
