#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/json_value.h"
#include "metrics/bootstrap.h"
#include "metrics/detection_cost.h"
#include "metrics/eer.h"
#include "metrics/weighted_ranking.h"

namespace bonafide {

// A figure of verification trials: its value, or why they do not have it.
struct SasvFigure {
  std::string_view name;   // in files: "sasv_eer"
  std::string_view title;  // in tables: "SASV-EER %"
  bool rate = true;        // a fraction, in percent in tables; else a cost
  std::optional<double> value = {};
  std::string reason = {};  // of a missing value: "no spoof trials"
  std::optional<Interval> interval = {};
  std::string note = {};   // beside the value in tables: "threshold 1.5"
  Json details = nullptr;  // beside the value in JSON; null: the value stands alone there

  std::string text(double number) const;  // as in tables
  std::string value_text() const;         // "-" without a value
  std::string interval_text() const;      // "[1.3021, 1.5511]", or nothing
};

// How a figure comes from a ranking of targets, nontargets and spoofs (the classes 0, 1 and 2) by a
// single score.
struct SasvRule {
  std::string_view name;
  std::string_view title;
  bool rate;
  bool nontargets;  // which trials it needs besides targets
  bool spoofs;
  Cost (*compute)(const Ranking& ranking, EerVariant variant);
  double target_prior = 0;  // of verification_costs, to be stated; 0: these are not its costs

  // The value, or the reason why there is none: a class is missing, or the variant does not take
  // such scores.
  SasvFigure figure(const Ranking& ranking, EerVariant variant) const;
  Statistic resampled(EerVariant variant) const;
};

// In the order of the tables.
std::span<const SasvRule> sasv_rules();

// "no target trials" for the first class that is needed and missing; nothing when all are there.
std::string missing_class(const Ranking& ranking, bool nontargets, bool spoofs);

}  // namespace bonafide
