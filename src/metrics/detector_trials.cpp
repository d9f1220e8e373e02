#include "metrics/detector_trials.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>

#include "base/error.h"
#include "base/json_value.h"
#include "base/text.h"
#include "metrics/verification_trials.h"

namespace bonafide {

namespace {

// "pooled" (no condition) and then each value.
std::vector<const Condition*> with_pooled(const std::vector<Condition>& values) {
  std::vector<const Condition*> all = {nullptr};
  for (const Condition& value : values) all.push_back(&value);
  return all;
}

constexpr std::string_view kSpeaker = "speaker";
constexpr std::string_view kClaim = "claim";

std::string tag(const Condition* condition) {
  return condition == nullptr ? "pooled" : printable(condition->value, 40);
}

}  // namespace

TrialSpeakers speakers_of(const Trials& trials, std::span<const uint32_t> rows) {
  TrialSpeakers result;
  std::map<std::string, uint32_t> codes;  // of speakers and claims alike
  const auto fill = [&](std::string_view name, std::vector<uint32_t>& column) {
    const Factor* factor = trials.find_factor(name);
    if (factor == nullptr) return;
    // Values without a trial get no code: nobody is to be drawn who does not speak.
    constexpr uint32_t kNone = UINT32_MAX;
    std::vector<uint32_t> common(factor->values().size(), kNone);
    column.reserve(rows.size());
    for (const uint32_t row : rows) {
      uint32_t& code = common[factor->codes()[row]];
      if (code == kNone) {
        code = codes.emplace(factor->value(row), static_cast<uint32_t>(codes.size())).first->second;
      }
      column.push_back(code);
    }
  };
  fill(kSpeaker, result.speakers);
  fill(kClaim, result.claims);
  return result;
}

DetectorScores detector_scores(const Trials& trials, const std::vector<Selection>& selections) {
  if (trials.cm_scores.empty()) throw UsageError("the score file has no CM scores");
  const auto bona_fide = static_cast<size_t>(
      std::count_if(trials.classes.begin(), trials.classes.end(), is_bona_fide));
  DetectorScores scores;
  if (selections.empty()) {
    scores.bona_fide.reserve(bona_fide);
    scores.spoof.reserve(trials.size() - bona_fide);
  }
  for (size_t i = 0; i < trials.size(); ++i) {
    if (!selected(trials, i, selections)) continue;
    (is_bona_fide(trials.classes[i]) ? scores.bona_fide : scores.spoof)
        .push_back(trials.cm_scores[i]);
  }
  if (trials.find_factor(kSpeaker) == nullptr && trials.find_factor(kClaim) == nullptr) {
    return scores;
  }
  std::vector<uint32_t> rows;
  for (const bool wanted : {true, false}) {
    for (uint32_t i = 0; i < trials.size(); ++i) {
      if (is_bona_fide(trials.classes[i]) == wanted && selected(trials, i, selections)) {
        rows.push_back(i);
      }
    }
  }
  scores.speakers = speakers_of(trials, rows);
  return scores;
}

Json ConditionResult::to_json() const {
  if (result) return result->to_json();
  return {{"bona_fide_trials", bona_fide},
          {"spoof_trials", spoof},
          {"eer", nullptr},
          {"min_dcf", nullptr},
          {"reason", problem}};
}

std::vector<ConditionResult> evaluate_by(const Trials& trials, const Factor& factor,
                                         const DetectorOptions& options) {
  std::vector<ConditionResult> results;
  for (const Condition& condition : conditions(trials, factor)) {
    const DetectorScores scores = detector_scores(trials, {{&factor, &condition}});
    ConditionResult row{condition.value, scores.bona_fide.size(), scores.spoof.size(), {}};
    if (row.bona_fide == 0 || row.spoof == 0) {
      row.problem = row.spoof > 0 ? "no bona fide trials" : "no spoof trials";
    } else {
      row.problem = problem_of([&] {
                      row.result = evaluate_detector(scores.bona_fide, scores.spoof, options,
                                                     scores.speakers);
                    }).value_or("");
    }
    results.push_back(std::move(row));
  }
  return results;
}

CrossTable cross(const Trials& trials, const Factor& row_factor, const Factor& column_factor,
                 const std::function<double(const std::vector<Selection>&)>& figure) {
  const auto row_values = conditions(trials, row_factor);
  const auto column_values = conditions(trials, column_factor);
  CrossTable table;
  for (const Condition* column : with_pooled(column_values)) table.columns.push_back(tag(column));
  for (const Condition* row : with_pooled(row_values)) {
    table.rows.push_back(tag(row));
    auto& cells = table.values.emplace_back();
    for (const Condition* column : with_pooled(column_values)) {
      cells.push_back(std::numeric_limits<double>::quiet_NaN());
      const auto problem = problem_of([&] {
        cells.back() = figure({{&row_factor, row}, {&column_factor, column}});
      });
      if (problem) {
        table.warnings.push_back(fmt::format("{}, {}: {}", tag(row), tag(column), *problem));
      }
    }
  }
  return table;
}

CrossTable cross_eers(const Trials& trials, const Factor& row_factor, const Factor& column_factor,
                      EerVariant variant) {
  return cross(trials, row_factor, column_factor, [&](const std::vector<Selection>& cell) {
    const DetectorScores scores = detector_scores(trials, cell);
    if (scores.bona_fide.empty() || scores.spoof.empty()) {
      return std::numeric_limits<double>::quiet_NaN();
    }
    return equal_error_rate(variant, Ranking(scores.bona_fide, scores.spoof)).value;
  });
}

}  // namespace bonafide
