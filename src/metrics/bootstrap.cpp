#include "metrics/bootstrap.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace bonafide {

namespace {

// Of sorted values, as numpy.percentile.
double quantile(const std::vector<double>& values, double share) {
  const double at = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<size_t>(std::floor(at));
  const size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (at - std::floor(at)) * (values[above] - values[below]);
}

}  // namespace

Interval percentile_interval(std::vector<double> values, double confidence) {
  if (values.empty()) throw Error("no resample holds trials of every class");
  std::sort(values.begin(), values.end());
  const double tail = (1 - confidence) / 2;
  return {quantile(values, tail), quantile(values, 1 - tail), values.size()};
}

std::vector<Interval> bootstrap(const Ranking& ranking, const Resampler& resampler,
                                std::span<const Statistic> statistics,
                                const BootstrapOptions& options, std::span<const uint32_t> order) {
  std::vector<std::vector<double>> values(statistics.size());
  std::vector<uint32_t> copies(ranking.size());
  std::vector<uint32_t> by_rank(order.empty() ? 0 : ranking.size());
  for (size_t i = 0; i < options.resamples; ++i) {
    Random random(options.seed, i);
    resampler.draw(random, copies);
    for (size_t rank = 0; rank < by_rank.size(); ++rank) by_rank[rank] = copies[order[rank]];
    const WeightedRanking resample(ranking, order.empty() ? copies : by_rank);
    if (!resample.has_all_classes()) continue;
    for (size_t k = 0; k < statistics.size(); ++k) values[k].push_back(statistics[k](resample));
  }
  std::vector<Interval> intervals;
  for (auto& one : values) {
    intervals.push_back(percentile_interval(std::move(one), options.confidence));
  }
  return intervals;
}

}  // namespace bonafide
