#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "report/html.h"

namespace bonafide {

// A table of numbers with tags for rows and columns; NaN is an empty cell.
struct Grid {
  std::string caption;
  std::vector<std::string> columns;
  std::vector<std::string> rows;
  std::vector<std::vector<double>> values;
  int decimals = 2;
  std::vector<std::string> warnings = {};  // of cells that had to stay empty
};

// Laid out like the tables of the ASVspoof packages: cells centred in the width of the widest tag
// or number, one blank between, one at the end of each line.
std::string grid_text(const Grid& grid);

// The LaTeX tabular that the packages print above it; `colours`: cells shaded by value, as in the
// 2021 package.
std::string grid_latex(const Grid& grid, bool colours);

// Full precision; an empty field for an empty cell.
std::string grid_csv(const Grid& grid);
HtmlTable grid_html(const Grid& grid);
Json grid_json(const Grid& grid);

}  // namespace bonafide
