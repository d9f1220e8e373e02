#include "metrics/pav_calibration.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/json_fault.h"
#include "base/json_value.h"

namespace bonafide {

namespace {

// Trials in a stretch of scores that get one ratio.
struct Pool {
  double low = 0;
  double high = 0;
  double positives = 0;
  double negatives = 0;

  bool better_than(const Pool& next) const {
    return positives * (next.positives + next.negatives) >=
           next.positives * (positives + negatives);
  }
  void absorb(const Pool& next) {
    high = next.high;
    positives += next.positives;
    negatives += next.negatives;
  }
};

std::vector<Pool> pools(const Ranking& ranking) {
  std::vector<Pool> stack;
  const auto push = [&](const Pool& pool) {
    stack.push_back(pool);
    while (stack.size() > 1 && stack[stack.size() - 2].better_than(stack.back())) {
      const Pool last = stack.back();
      stack.pop_back();
      stack.back().absorb(last);
    }
  };
  const double lowest = ranking.score(0);
  const double highest = ranking.score(ranking.size() - 1);
  // The added trials: one of each class below everything, one of each above.
  push({lowest, lowest, 1, 0});
  push({lowest, lowest, 0, 1});
  for_each_distinct(ranking, [&](double score, size_t first, size_t last) {
    Pool pool{score, score, 0, 0};
    for (size_t i = first; i < last; ++i) ++(ranking.positive(i) ? pool.positives : pool.negatives);
    push(pool);
  });
  push({highest, highest, 1, 0});
  push({highest, highest, 0, 1});
  return stack;
}

}  // namespace

PavCalibration PavCalibration::fit(const Ranking& ranking) {
  if (ranking.has_nan() || ranking.has_infinity()) throw Error("calibration needs finite scores");
  PavCalibration map;
  const double prior = std::log(static_cast<double>(ranking.positives() + 2) /
                                static_cast<double>(ranking.negatives() + 2));
  for (const Pool& pool : pools(ranking)) {
    const double llr = std::log(pool.positives / pool.negatives) - prior;
    for (const double end : {pool.low, pool.high}) {
      if (!map.scores_.empty() && map.scores_.back() == end && map.llrs_.back() == llr) continue;
      map.scores_.push_back(end);
      map.llrs_.push_back(llr);
    }
  }
  return map;
}

double PavCalibration::operator()(double score) const {
  if (std::isnan(score)) return score;
  const auto above = std::lower_bound(scores_.begin(), scores_.end(), score);
  if (above == scores_.begin()) return llrs_.front();
  if (above == scores_.end()) return llrs_.back();
  const auto i = static_cast<size_t>(above - scores_.begin());
  if (scores_[i] == score) return llrs_[i];
  const double share = (score - scores_[i - 1]) / (scores_[i] - scores_[i - 1]);
  return llrs_[i - 1] + share * (llrs_[i] - llrs_[i - 1]);
}

Json PavCalibration::to_json() const {
  return {{"kind", "pav"}, {"scores", scores_}, {"llrs", llrs_}};
}

PavCalibration PavCalibration::from_json(const Json& json) {
  PavCalibration map;
  try {
    json.at("scores").get_to(map.scores_);
    json.at("llrs").get_to(map.llrs_);
  } catch (const Json::exception& e) {
    throw Error(fmt::format("calibration: {}", json_fault(e)));
  }
  const auto finite = [](double x) { return std::isfinite(x); };
  if (map.scores_.empty() || map.scores_.size() != map.llrs_.size() ||
      !std::is_sorted(map.scores_.begin(), map.scores_.end()) ||
      !std::is_sorted(map.llrs_.begin(), map.llrs_.end()) ||
      !std::all_of(map.scores_.begin(), map.scores_.end(), finite) ||
      !std::all_of(map.llrs_.begin(), map.llrs_.end(), finite)) {
    throw Error("calibration: scores and llrs must be ascending lists of the same length");
  }
  return map;
}

}  // namespace bonafide
