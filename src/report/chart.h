#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/svg.h"

namespace bonafide {

struct Tick {
  double position = 0;  // in the axis' units
  std::string label;
};

struct Axis {
  std::string label;
  double low = 0;
  double high = 1;
  std::vector<Tick> ticks;
};

// An axis from low to high with round ticks, no closer than `least_step`; widened a little when
// low == high.
Axis linear_axis(std::string label, double low, double high, int about_ticks = 6,
                 double least_step = 0);

// Colours that people with colour blindness can tell apart (Okabe and Ito).
std::string_view series_colour(size_t index);
inline constexpr std::string_view kBonaFideColour = "#0072b2";
inline constexpr std::string_view kSpoofColour = "#d55e00";

// The place of a chart's plotting area in its picture.
struct Frame {
  double left = 0;
  double top = 0;
  double width = 0;
  double height = 0;
};

struct LegendEntry {
  std::string name;
  std::string_view colour;
};

// Axes with a grid, and marks in their units.
class Chart {
 public:
  Chart(Svg& svg, const Frame& frame, Axis x, Axis y);

  Point place(Point value) const;

  void line(const std::vector<Point>& points, std::string_view colour, bool dashed = false);
  // Between the points and the x axis.
  void area(const std::vector<Point>& points, std::string_view colour, double opacity = 0.3);
  void marker(Point at, std::string_view colour);
  void vertical(double x, std::string_view colour, std::string_view label);
  void note(Point at, std::string_view text, Anchor anchor);

  // In rows below the x axis.
  void legend(const std::vector<LegendEntry>& entries);

 private:
  void draw_axes();

  Svg& svg_;
  Frame frame_;
  Axis x_;
  Axis y_;
};

// Height that Chart::legend takes below the axis labels.
double legend_height(const std::vector<LegendEntry>& entries);

}  // namespace bonafide
