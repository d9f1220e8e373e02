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

}  // namespace

std::string score_histogram(std::span<const double> bona_fide, std::span<const double> spoof,
                            std::optional<double> threshold) {
  constexpr size_t kBins = 60;
  ScoreRange range;
  range.widen(bona_fide);
  range.widen(spoof);
  if (range.low > range.high) range = {0, 1};
  const Axis x = linear_axis("score (higher: more bona fide)", range.low, range.high);
  const auto bona_fide_share = shares(bona_fide, x, kBins);
  const auto spoof_share = shares(spoof, x, kBins);
  const double peak = std::max(*std::max_element(bona_fide_share.begin(), bona_fide_share.end()),
                               *std::max_element(spoof_share.begin(), spoof_share.end()));

  const std::vector<LegendEntry> entries = {
      {fmt::format("bona fide ({})", bona_fide.size()), kBonaFideColour},
      {fmt::format("spoof ({})", spoof.size()), kSpoofColour}};
  Svg svg(520, 330 + legend_height(entries), "Histogram of the scores of both classes");
  Chart chart(svg, {58, 14, 446, 268}, x,
              linear_axis("% of the class", 0, std::max(peak * 1.08, 1e-3)));
  const auto draw = [&](const std::vector<double>& share, std::string_view colour) {
    const auto points = steps(share, x);
    chart.area(points, colour);
    chart.line(points, colour);
  };
  draw(spoof_share, kSpoofColour);
  draw(bona_fide_share, kBonaFideColour);
  if (threshold) chart.vertical(*threshold, "#333", fmt::format("threshold {:.4g}", *threshold));
  chart.legend(entries);
  return svg.text();
}

}  // namespace bonafide
