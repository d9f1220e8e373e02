#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "report/chart.h"
#include "report/plots.h"

namespace bonafide {

namespace {

constexpr double kRow = 24;        // pixels from bar to bar
constexpr double kThickness = 15;  // of a bar
constexpr double kTop = 30;        // room for the reference's label
constexpr double kNumbers = 50;    // room for the numbers
constexpr size_t kLongestName = 24;

double widest(const std::vector<Bar>& bars) {
  size_t letters = 4;
  for (const Bar& bar : bars) letters = std::max(letters, printable(bar.name, kLongestName).size());
  return 7.0 * static_cast<double>(letters);
}

}  // namespace

std::string bar_plot(std::string_view axis, const std::vector<Bar>& bars, const Bar& reference) {
  double most = reference.percent;
  for (const Bar& bar : bars)
    most = std::isfinite(bar.percent) ? std::max(most, bar.percent) : most;
  const double left = 16 + widest(bars);
  const double height = kRow * static_cast<double>(std::max<size_t>(bars.size(), 1));
  Svg svg(460, kTop + height + 44, fmt::format("{} of each group", axis));
  // The numbers stand in a column of their own, where no line crosses them.
  const Frame frame{left, kTop, 446 - kNumbers - left, height};
  Chart chart(svg, frame, linear_axis(std::string(axis), 0, most > 0 ? 1.05 * most : 1),
              {"", 0, 1, {}});
  for (size_t i = 0; i < bars.size(); ++i) {
    const double middle = kTop + kRow * (static_cast<double>(i) + 0.5);
    svg.label({left - 8, middle + 4}, printable(bars[i].name, kLongestName), Anchor::kEnd);
    if (!std::isfinite(bars[i].percent)) {
      svg.label({left + 6, middle + 4}, "no trials of one class", Anchor::kStart, 11, "#777");
      continue;
    }
    const double end = chart.place({bars[i].percent, 0}).x;
    svg.rectangle({left, middle - kThickness / 2}, end - left, kThickness,
                  {"", std::string(series_colour(0)), 0, 0.85, false});
    svg.label({446, middle + 4}, fmt::format("{:.2f}", bars[i].percent), Anchor::kEnd, 11);
  }
  const double at = chart.place({reference.percent, 0}).x;
  svg.line({at, kTop}, {at, kTop + height}, {std::string(kSpoofColour), "", 1.5, 1, true});
  const bool left_half = at < left + frame.width / 2;
  svg.label({at, kTop - 8}, fmt::format("{} {:.2f}", reference.name, reference.percent),
            left_half ? Anchor::kStart : Anchor::kEnd, 11, kSpoofColour);
  return svg.text();
}

}  // namespace bonafide
