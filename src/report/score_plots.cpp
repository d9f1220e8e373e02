#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "report/chart.h"
#include "report/plots.h"

namespace bonafide {

namespace {

struct ScoreRange {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void widen(std::span<const double> scores) {
    for (const double s : scores) {
      if (!std::isfinite(s)) continue;
      low = std::min(low, s);
      high = std::max(high, s);
    }
  }
};

// Percent of the class per bin; scores outside the range, and NaN, are counted nowhere.
std::vector<double> shares(std::span<const double> scores, const Axis& axis, size_t bins) {
  std::vector<double> share(bins, 0);
  const double step = 100 / static_cast<double>(scores.size());
  for (const double s : scores) {
    if (!(s >= axis.low && s <= axis.high)) continue;
    const double place = (s - axis.low) / (axis.high - axis.low) * static_cast<double>(bins);
    share[std::min(static_cast<size_t>(place), bins - 1)] += step;
  }
  return share;
}

std::vector<Point> steps(const std::vector<double>& share, const Axis& axis) {
  const double width = (axis.high - axis.low) / static_cast<double>(share.size());
  std::vector<Point> points;
  for (size_t i = 0; i < share.size(); ++i) {
    const double left = axis.low + static_cast<double>(i) * width;
    points.push_back({left, share[i]});
    points.push_back({left + width, share[i]});
  }
  return points;
}

// The first class is the positive one and the last that of the spoofs.
std::string_view colour(size_t index, size_t classes) {
  if (index == 0) return kBonaFideColour;
  return index + 1 == classes ? kSpoofColour : series_colour(index + 1);
}

}  // namespace

std::string score_histogram(const std::vector<ScoredClass>& all, std::optional<double> threshold,
                            std::string_view higher) {
  constexpr size_t kBins = 60;
  ScoreRange range;
  for (const ScoredClass& one : all) range.widen(one.scores);
  if (range.low > range.high) range = {0, 1};
  const Axis x = linear_axis(fmt::format("score (higher: {})", higher), range.low, range.high);
  std::vector<std::vector<double>> all_shares;
  std::vector<LegendEntry> entries;
  double peak = 0;
  for (size_t i = 0; i < all.size(); ++i) {
    const ScoredClass& one = all[i];
    if (one.scores.empty()) continue;
    all_shares.push_back(shares(one.scores, x, kBins));
    peak = std::max(peak, *std::max_element(all_shares.back().begin(), all_shares.back().end()));
    entries.push_back({fmt::format("{} ({})", one.name, one.scores.size()), colour(i, all.size())});
  }
  Svg svg(460, 330 + legend_height(entries), "Histogram of the scores of each class");
  Chart chart(svg, {58, 14, 386, 268}, x,
              linear_axis("% of the class", 0, std::max(peak * 1.08, 1e-3)));
  for (size_t i = entries.size(); i-- > 0;) {
    const auto points = steps(all_shares[i], x);
    chart.area(points, entries[i].colour);
    chart.line(points, entries[i].colour);
  }
  if (threshold) chart.vertical(*threshold, "#333", fmt::format("threshold {:.4g}", *threshold));
  chart.legend(entries);
  return svg.text();
}

std::string score_histogram(std::span<const double> bona_fide, std::span<const double> spoof,
                            std::optional<double> threshold) {
  return score_histogram(std::vector<ScoredClass>{{"bona fide", bona_fide}, {"spoof", spoof}},
                         threshold);
}

}  // namespace bonafide
