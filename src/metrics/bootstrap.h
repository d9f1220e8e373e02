#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "metrics/ranking.h"
#include "metrics/resampler.h"
#include "metrics/weighted_ranking.h"

namespace bonafide {

struct BootstrapOptions {
  size_t resamples = 1000;
  double confidence = 0.95;
  uint64_t seed = 0;
};

// Percentile interval, with numpy's linear interpolation between resamples.
struct Interval {
  double low = 0;
  double high = 0;
  size_t resamples = 0;  // used; those that lack a class are passed over
};

using Statistic = std::function<double(const WeightedRanking&)>;

// One interval per statistic. `order` says which trial has each rank (ranking_order); without it
// the resampler draws ranks, which is the same when all trials are alike to it. Resample i depends
// on the seed and i alone. Throws Error when every resample lacks a class.
std::vector<Interval> bootstrap(const Ranking& ranking, const Resampler& resampler,
                                std::span<const Statistic> statistics,
                                const BootstrapOptions& options = {},
                                std::span<const uint32_t> order = {});

// The interval of the middle `confidence` of the values.
Interval percentile_interval(std::vector<double> values, double confidence);

}  // namespace bonafide
