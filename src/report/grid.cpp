#include "report/grid.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/csv.h"
#include "base/json_value.h"

namespace bonafide {

namespace {

// An odd blank goes to the right.
std::string centred(const std::string& text, size_t width) {
  const size_t blanks = width > text.size() ? width - text.size() : 0;
  return std::string(blanks / 2, ' ') + text + std::string(blanks - blanks / 2, ' ');
}

std::string number(const Grid& grid, double value) {
  return std::isfinite(value) ? fmt::format("{:.{}f}", value, grid.decimals) : "";
}

struct Widths {
  size_t row_tag = 0;
  size_t cell = 0;
};

Widths widths(const Grid& grid) {
  Widths width;
  for (const std::string& tag : grid.rows) width.row_tag = std::max(width.row_tag, tag.size());
  for (const std::string& tag : grid.columns) width.cell = std::max(width.cell, tag.size());
  for (const auto& row : grid.values) {
    for (const double value : row) {
      // An empty cell is as wide as the "nan" that it stands for.
      const auto text = fmt::format("{:.{}f}", value, grid.decimals);
      width.cell = std::max(width.cell, text.size());
    }
  }
  return width;
}

template <typename Text>
std::string joined(const std::vector<Text>& cells, std::string_view separator) {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i)
    line += (i > 0 ? std::string(separator) : "") + cells[i];
  return line;
}

struct Extent {
  double low = HUGE_VAL;
  double high = -HUGE_VAL;
};

Extent extent(const Grid& grid) {
  Extent range;
  for (const auto& row : grid.values) {
    for (const double value : row) {
      if (!std::isfinite(value)) continue;
      range.low = std::min(range.low, value);
      range.high = std::max(range.high, value);
    }
  }
  return range;
}

// Matplotlib's colour map "Greys" from white to the middle: control points of ColorBrewer, linear
// between, in 256 steps.
double grey(double share) {
  constexpr double kPoints[] = {1.0,         240.0 / 255, 217.0 / 255, 189.0 / 255, 150.0 / 255,
                                115.0 / 255, 82.0 / 255,  37.0 / 255,  0.0};
  const double step = std::min(std::floor(share * 256), 255.0) / 255;
  const double at = step * 8;
  const auto below = static_cast<size_t>(std::min(std::floor(at), 7.0));
  return kPoints[below] + (at - static_cast<double>(below)) * (kPoints[below + 1] - kPoints[below]);
}

std::string latex_cell(const Grid& grid, double value, const Extent& range, bool colours) {
  const std::string text = number(grid, value);
  if (!colours || text.empty()) return " " + text;
  // Of equal cells none is darker. The package divides 0 by 0 there.
  const double share = range.high > range.low ? (value - range.low) / (range.high - range.low) : 0;
  const double level = grey(0.5 * share);
  return fmt::format("\\cellcolor[rgb]{{{0:.2f}, {0:.2f}, {0:.2f}}} {1}", level, text);
}

}  // namespace

std::string grid_text(const Grid& grid) {
  const Widths width = widths(grid);
  std::string text;
  const auto add_line = [&](const std::string& tag, const std::vector<std::string>& cells) {
    std::vector<std::string> padded = {centred(tag, width.row_tag)};
    for (const std::string& cell : cells) padded.push_back(centred(cell, width.cell));
    text += joined(padded, " ") + "\n";
  };
  add_line("", grid.columns);
  for (size_t row = 0; row < grid.rows.size(); ++row) {
    std::vector<std::string> cells;
    for (const double value : grid.values[row]) cells.push_back(number(grid, value));
    add_line(grid.rows[row], cells);
  }
  return text;
}

std::string grid_latex(const Grid& grid, bool colours) {
  const Widths width = widths(grid);
  const Extent range = extent(grid);
  std::string text = fmt::format("\\begin{{tabular}}{{{}}}\n\\toprule\n",
                                 std::string(grid.columns.size() + 1, 'c'));
  const auto add_line = [&](const std::string& tag, const std::vector<std::string>& cells) {
    std::vector<std::string> padded = {centred(tag, width.row_tag)};
    for (const std::string& cell : cells) padded.push_back(centred(cell, width.cell));
    text += joined(padded, " & ") + "\\\\ \n";
  };
  add_line("", grid.columns);
  text += "\\midrule\n";
  for (size_t row = 0; row < grid.rows.size(); ++row) {
    std::vector<std::string> cells;
    for (const double value : grid.values[row]) {
      cells.push_back(latex_cell(grid, value, range, colours));
    }
    add_line(grid.rows[row], cells);
  }
  return text + "\\bottomrule\n\\end{tabular}\n";
}

std::string grid_csv(const Grid& grid) {
  std::vector<std::string> line = {""};
  line.insert(line.end(), grid.columns.begin(), grid.columns.end());
  std::string text = csv_line(line);
  for (size_t row = 0; row < grid.rows.size(); ++row) {
    line = {grid.rows[row]};
    for (const double value : grid.values[row]) {
      line.push_back(std::isnan(value) ? "" : fmt::format("{}", value));
    }
    text += csv_line(line);
  }
  return text;
}

HtmlTable grid_html(const Grid& grid) {
  HtmlTable table{grid.caption, {""}, {}};
  table.columns.insert(table.columns.end(), grid.columns.begin(), grid.columns.end());
  for (size_t row = 0; row < grid.rows.size(); ++row) {
    auto& cells = table.rows.emplace_back(1, grid.rows[row]);
    for (const double value : grid.values[row]) cells.push_back(number(grid, value));
  }
  return table;
}

Json grid_json(const Grid& grid) {
  return {{"caption", grid.caption},
          {"columns", grid.columns},
          {"rows", grid.rows},
          {"values", grid.values}};
}

}  // namespace bonafide
