#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "report/chart.h"
#include "report/plots.h"

namespace bonafide {

namespace {

constexpr double kWidth = 386;
constexpr double kHeight = 170;
constexpr double kLeft = 62;

Axis epoch_axis(const std::vector<Epoch>& epochs) {
  double low = 0;
  double high = 1;
  if (!epochs.empty()) {
    low = epochs.front().number;
    high = epochs.back().number;
  }
  return linear_axis("epoch", low, std::max(high, low + 1), 6, /*least_step=*/1);
}

Axis value_axis(std::string label, const std::vector<Point>& points) {
  double high = 0;
  double low = std::numeric_limits<double>::infinity();
  for (const Point& p : points) {
    high = std::max(high, p.y);
    low = std::min(low, p.y);
  }
  // Rates and most losses are read from zero; a curve far above it would be a flat line.
  if (low > 0.5 * high || low < 0) {
    const double room = 0.08 * (high - low);
    return linear_axis(std::move(label), low - room, high + room, 4);
  }
  return linear_axis(std::move(label), 0, high > 0 ? 1.08 * high : 1, 4);
}

std::vector<Point> finite(const std::vector<Epoch>& epochs, std::optional<double> Epoch::*field,
                          double factor) {
  std::vector<Point> points;
  for (const Epoch& epoch : epochs) {
    const auto& value = epoch.*field;
    if (value && std::isfinite(*value)) points.push_back({epoch.number, factor * *value});
  }
  return points;
}

void draw(Chart& chart, const std::vector<Point>& points, std::string_view colour) {
  chart.line(points, colour);
  if (points.size() == 1) chart.marker(points.front(), colour);
}

}  // namespace

std::string learning_curves(const std::vector<Epoch>& epochs, std::string_view part) {
  const auto loss = finite(epochs, &Epoch::loss, 1);
  const auto eer = finite(epochs, &Epoch::dev_eer, 100);
  Svg svg(460, 480, fmt::format("Training loss and {} EER per epoch", part));
  Chart upper(svg, {kLeft, 14, kWidth, kHeight}, epoch_axis(epochs),
              value_axis("training loss", loss));
  draw(upper, loss, series_colour(0));
  Chart lower(svg, {kLeft, 262, kWidth, kHeight}, epoch_axis(epochs),
              value_axis(fmt::format("{} EER (%)", part), eer));
  draw(lower, eer, series_colour(1));
  if (!eer.empty()) {
    const Point best =
        *std::min_element(eer.begin(), eer.end(), [](Point a, Point b) { return a.y < b.y; });
    lower.vertical(best.x, "#555", fmt::format("best: epoch {:g}, {:.2f} %", best.x, best.y));
    lower.marker(best, series_colour(1));
  }
  return svg.text();
}

}  // namespace bonafide
