#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "report/chart.h"
#include "report/plots.h"

namespace bonafide {

namespace {

constexpr size_t kBins = 12;

double probability(double llr) { return 1 / (1 + std::exp(-llr)); }

// Of one bin of the predicted probability; each class sums to 1 over all bins.
struct ReliabilityBin {
  double bona_fide = 0;
  double spoof = 0;
  double predicted = 0;  // weighted sum

  double weight() const { return bona_fide + spoof; }
};

std::array<ReliabilityBin, kBins> reliability_bins(std::span<const double> bona_fide,
                                                   std::span<const double> spoof) {
  std::array<ReliabilityBin, kBins> bins;
  const auto add = [&](std::span<const double> scores, double ReliabilityBin::*share) {
    const double weight = 1 / static_cast<double>(scores.size());
    for (const double score : scores) {
      if (std::isnan(score)) continue;
      const double p = probability(score);
      auto& bin = bins[std::min(static_cast<size_t>(p * kBins), kBins - 1)];
      bin.*share += weight;
      bin.predicted += weight * p;
    }
  };
  add(bona_fide, &ReliabilityBin::bona_fide);
  add(spoof, &ReliabilityBin::spoof);
  return bins;
}

std::vector<double> sorted_numbers(std::span<const double> scores) {
  std::vector<double> sorted;
  std::copy_if(scores.begin(), scores.end(), std::back_inserter(sorted),
               [](double s) { return !std::isnan(s); });
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

// Percent of the scores above each point of the axis.
std::vector<Point> shares_above(const std::vector<double>& sorted, const Axis& axis) {
  constexpr int kSteps = 440;  // pixels
  std::vector<Point> points;
  for (int i = 0; i <= kSteps; ++i) {
    const double x = axis.low + (axis.high - axis.low) * i / kSteps;
    const auto above = sorted.end() - std::upper_bound(sorted.begin(), sorted.end(), x);
    points.push_back({x, 100 * static_cast<double>(above) / static_cast<double>(sorted.size())});
  }
  return points;
}

// The middle 99.8 % of both classes, always with 0 in it.
Axis llr_axis(const std::vector<double>& bona_fide, const std::vector<double>& spoof) {
  double low = 0;
  double high = 0;
  for (const auto* sorted : {&bona_fide, &spoof}) {
    if (sorted->empty()) continue;
    const size_t cut = sorted->size() / 1000;
    const double first = (*sorted)[cut];
    const double last = (*sorted)[sorted->size() - 1 - cut];
    if (std::isfinite(first)) low = std::min(low, first);
    if (std::isfinite(last)) high = std::max(high, last);
  }
  return linear_axis("log-likelihood ratio", low, high);
}

}  // namespace

std::string reliability_plot(std::span<const double> bona_fide, std::span<const double> spoof) {
  const auto bins = reliability_bins(bona_fide, spoof);
  std::vector<Point> points;
  std::vector<Point> amounts;
  double most = 1e-9;
  for (size_t i = 0; i < kBins; ++i) {
    const double left = static_cast<double>(i) / kBins;
    const double share = 50 * bins[i].weight();  // both classes together are 200 %
    amounts.push_back({left, share});
    amounts.push_back({left + 1.0 / kBins, share});
    most = std::max(most, share);
    if (bins[i].weight() == 0) continue;
    points.push_back({bins[i].predicted / bins[i].weight(), bins[i].bona_fide / bins[i].weight()});
  }
  Svg svg(460, 560, "Reliability: observed against predicted share of bona fide trials");
  Chart chart(svg, {60, 14, 380, 380}, linear_axis("", 0, 1, 5),
              linear_axis("observed share of bona fide", 0, 1, 5));
  chart.line({{0, 0}, {1, 1}}, "#aaa", /*dashed=*/true);
  chart.line(points, series_colour(0));
  for (const Point& point : points) chart.marker(point, series_colour(0));
  Chart lower(svg, {60, 430, 380, 80}, linear_axis("predicted probability of bona fide", 0, 1, 5),
              linear_axis("% (classes alike)", 0, most * 1.05, 2));
  lower.area(amounts, "#777");
  lower.line(amounts, "#777");
  return svg.text();
}

std::string tippett_plot(std::span<const double> bona_fide, std::span<const double> spoof) {
  const auto positives = sorted_numbers(bona_fide);
  const auto negatives = sorted_numbers(spoof);
  const Axis x = llr_axis(positives, negatives);
  const std::vector<LegendEntry> entries = {{"bona fide", kBonaFideColour},
                                            {"spoof", kSpoofColour}};
  Svg svg(460, 330 + legend_height(entries), "Tippett plot: share of each class above a ratio");
  Chart chart(svg, {58, 14, 386, 268}, x, linear_axis("% with a higher ratio", 0, 100));
  chart.line({{0, 0}, {0, 100}}, "#888", /*dashed=*/true);
  if (!negatives.empty()) chart.line(shares_above(negatives, x), kSpoofColour);
  if (!positives.empty()) chart.line(shares_above(positives, x), kBonaFideColour);
  chart.legend(entries);
  return svg.text();
}

}  // namespace bonafide
