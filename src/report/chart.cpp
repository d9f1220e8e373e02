#include "report/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace bonafide {

namespace {

constexpr double kTickSize = 11;
constexpr double kLegendRow = 18;
constexpr std::string_view kGrid = "#e6e6e6";
constexpr std::string_view kFrame = "#888";

// 1, 2 or 5 times a power of ten.
double round_step(double span, int about_ticks) {
  const double rough = span / about_ticks;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

Ink stroke(std::string_view colour, double width, bool dashed = false) {
  return {std::string(colour), "", width, 1, dashed};
}

}  // namespace

Axis linear_axis(std::string label, double low, double high, int about_ticks, double least_step) {
  if (!(high - low > 1e-12 * std::max(std::abs(low), std::abs(high)))) {
    const double room = std::max(std::abs(low) * 0.1, 1e-6);
    low -= room;
    high += room;
  }
  Axis axis{std::move(label), low, high, {}};
  const double step = std::max(round_step(high - low, about_ticks), least_step);
  for (double k = std::ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; ++k) {
    const double value = k == 0 ? 0 : k * step;
    axis.ticks.push_back({value, fmt::format("{:.6g}", value)});
  }
  return axis;
}

std::string_view series_colour(size_t index) {
  static constexpr std::array<std::string_view, 7> kColours = {
      "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#444444"};
  return kColours[index % kColours.size()];
}

namespace {

// Two entries a row unless a name is too long for half the width.
size_t legend_columns(const std::vector<LegendEntry>& entries) {
  constexpr size_t kLong = 24;
  return std::any_of(entries.begin(), entries.end(),
                     [](const LegendEntry& e) { return e.name.size() > kLong; })
             ? 1
             : 2;
}

}  // namespace

double legend_height(const std::vector<LegendEntry>& entries) {
  const size_t columns = legend_columns(entries);
  return static_cast<double>((entries.size() + columns - 1) / columns) * kLegendRow + 6;
}

Chart::Chart(Svg& svg, const Frame& frame, Axis x, Axis y)
    : svg_(svg), frame_(frame), x_(std::move(x)), y_(std::move(y)) {
  draw_axes();
}

Point Chart::place(Point value) const {
  return {frame_.left + (value.x - x_.low) / (x_.high - x_.low) * frame_.width,
          frame_.top + (y_.high - value.y) / (y_.high - y_.low) * frame_.height};
}

void Chart::draw_axes() {
  const double right = frame_.left + frame_.width;
  const double bottom = frame_.top + frame_.height;
  for (const Tick& tick : x_.ticks) {
    const double x = place({tick.position, y_.low}).x;
    svg_.line({x, frame_.top}, {x, bottom}, stroke(kGrid, 1));
    svg_.label({x, bottom + 15}, tick.label, Anchor::kMiddle, kTickSize, "#555");
  }
  double widest = 0;
  for (const Tick& tick : y_.ticks) {
    const double y = place({x_.low, tick.position}).y;
    svg_.line({frame_.left, y}, {right, y}, stroke(kGrid, 1));
    svg_.label({frame_.left - 6, y + 4}, tick.label, Anchor::kEnd, kTickSize, "#555");
    widest = std::max(widest, static_cast<double>(tick.label.size()));
  }
  svg_.rectangle({frame_.left, frame_.top}, frame_.width, frame_.height, stroke(kFrame, 1));
  svg_.label({frame_.left + frame_.width / 2, bottom + 33}, x_.label, Anchor::kMiddle);
  svg_.vertical_label(
      {frame_.left - 16 - widest * 0.58 * kTickSize, frame_.top + frame_.height / 2}, y_.label);
}

void Chart::line(const std::vector<Point>& points, std::string_view colour, bool dashed) {
  std::vector<Point> placed(points.size());
  std::transform(points.begin(), points.end(), placed.begin(), [&](Point p) { return place(p); });
  svg_.begin_clip({frame_.left, frame_.top}, frame_.width, frame_.height);
  svg_.polyline(placed, stroke(colour, 2, dashed));
  svg_.end_clip();
}

void Chart::area(const std::vector<Point>& points, std::string_view colour, double opacity) {
  if (points.empty()) return;
  std::vector<Point> placed = {place({points.front().x, y_.low})};
  for (const Point& p : points) placed.push_back(place(p));
  placed.push_back(place({points.back().x, y_.low}));
  svg_.begin_clip({frame_.left, frame_.top}, frame_.width, frame_.height);
  svg_.polygon(placed, {"", std::string(colour), 0, opacity, false});
  svg_.end_clip();
}

void Chart::marker(Point at, std::string_view colour) {
  svg_.circle(place(at), 4.5, {"#fff", std::string(colour), 1.5, 1, false});
}

void Chart::vertical(double x, std::string_view colour, std::string_view label) {
  if (!(x >= x_.low && x <= x_.high)) return;
  const double at = place({x, y_.low}).x;
  svg_.line({at, frame_.top}, {at, frame_.top + frame_.height}, stroke(colour, 1.2, true));
  const bool left_half = at < frame_.left + frame_.width / 2;
  svg_.label({at + (left_half ? 5 : -5), frame_.top + 14}, label,
             left_half ? Anchor::kStart : Anchor::kEnd, kTickSize, colour);
}

void Chart::note(Point at, std::string_view text, Anchor anchor) {
  const Point placed = place(at);
  const double shift = anchor == Anchor::kStart ? 9 : anchor == Anchor::kEnd ? -9 : 0;
  svg_.label({placed.x + shift, placed.y + 4}, text, anchor, kTickSize);
}

void Chart::legend(const std::vector<LegendEntry>& entries) {
  const double top = frame_.top + frame_.height + 52;
  const size_t columns = legend_columns(entries);
  for (size_t i = 0; i < entries.size(); ++i) {
    const double x = frame_.left + static_cast<double>(i % columns) * frame_.width / 2;
    const double y = top + static_cast<double>(i / columns) * kLegendRow;
    svg_.line({x, y - 4}, {x + 18, y - 4}, stroke(entries[i].colour, 3));
    svg_.label({x + 24, y}, entries[i].name, Anchor::kStart);
  }
}

}  // namespace bonafide
