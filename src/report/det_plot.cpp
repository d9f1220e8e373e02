#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "metrics/det.h"
#include "report/chart.h"
#include "report/plots.h"
#include "report/probit.h"

namespace bonafide {

namespace {

constexpr std::array<double, 21> kTickRates = {1e-5,  2e-5,  5e-5, 1e-4, 2e-4, 5e-4, 0.001,
                                               0.002, 0.005, 0.01, 0.02, 0.05, 0.1,  0.2,
                                               0.4,   0.6,   0.8,  0.9,  0.95, 0.98, 0.99};

// Rates that no number of trials could show are drawn at the edge.
double visible(double rate, size_t trials) {
  const double least = 0.5 / static_cast<double>(trials);
  return std::clamp(rate, least, 1 - least);
}

Axis probit_axis(std::string label, double low, double high) {
  Axis axis{std::move(label), probit(low), probit(high), {}};
  for (const double rate : kTickRates) {
    if (rate < low * (1 - 1e-9) || rate > high * (1 + 1e-9)) continue;
    axis.ticks.push_back({probit(rate), fmt::format("{:g}", 100 * rate)});
  }
  return axis;
}

double marked_eer(const RankedSystem& system) {
  if (system.eer) return *system.eer;
  const DetPoint point = closest_det_point(*system.ranking);
  return (point.miss + point.false_alarm) / 2;
}

struct Range {
  double low = 0.5;
  double high = 0.5;
};

// From a little below the smallest rate that the trials can show to a little above the EER's
// region.
Range range_of(const std::vector<RankedSystem>& systems) {
  double trials = 1;
  double worst = 0;
  double best = 1;
  for (const RankedSystem& system : systems) {
    trials = std::max(trials, static_cast<double>(std::min(system.ranking->positives(),
                                                           system.ranking->negatives())));
    const double eer = marked_eer(system);
    worst = std::max(worst, eer);
    best = std::min(best, eer);
  }
  Range range;
  range.low = std::clamp(std::min(best / 10, 0.01), 0.5 / trials, 0.05);
  range.high = std::clamp(std::max(4 * worst, 0.4), 0.4, 0.99);
  const auto* tick = std::upper_bound(kTickRates.begin(), kTickRates.end(), range.low);
  if (tick != kTickRates.begin()) range.low = *(tick - 1);
  return range;
}

std::vector<Point> probit_curve(const Ranking& ranking) {
  std::vector<Point> points;
  for (const DetPoint& point : reachable_det_curve(ranking)) {
    points.push_back({probit(visible(point.false_alarm, ranking.negatives())),
                      probit(visible(point.miss, ranking.positives()))});
  }
  return points;
}

}  // namespace

std::string det_plot(const std::vector<RankedSystem>& systems, const DetAxes& axes) {
  constexpr double kSide = 380;
  std::vector<LegendEntry> entries;
  std::vector<double> eers;
  for (const RankedSystem& system : systems) {
    eers.push_back(marked_eer(system));
    entries.push_back({fmt::format("{}: {:.2f} %", system.name, 100 * eers.back()),
                       series_colour(entries.size())});
  }
  const bool named = systems.size() > 1;
  Svg svg(460, 440 + (named ? legend_height(entries) : 0),
          "DET plot: miss rate against false alarm rate");
  const Range range = range_of(systems);
  Chart chart(svg, {60, 14, kSide, kSide}, probit_axis(axes.false_alarm, range.low, range.high),
              probit_axis(axes.miss, range.low, range.high));
  const double low = probit(range.low);
  const double high = probit(range.high);
  chart.line({{low, low}, {high, high}}, "#aaa", /*dashed=*/true);
  for (size_t i = 0; i < systems.size(); ++i) {
    const Ranking& ranking = *systems[i].ranking;
    chart.line(probit_curve(ranking), series_colour(i));
    const size_t trials = std::min(ranking.positives(), ranking.negatives());
    const double at = std::clamp(probit(visible(eers[i], trials)), low, high);
    chart.marker({at, at}, series_colour(i));
    if (named) continue;
    chart.note({at, at}, fmt::format("EER {:.2f} %", 100 * eers[i]),
               at > (low + high) / 2 ? Anchor::kEnd : Anchor::kStart);
  }
  if (named) chart.legend(entries);
  return svg.text();
}

}  // namespace bonafide
