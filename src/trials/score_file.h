#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/csv.h"

namespace bonafide {

// A score in a score file: nine digits tell any two float32 apart. Empty for none.
std::string score_text(const std::optional<double>& score);

// A score file as this program writes it, for TrialTable (trials/trial_table.h) to read: CSV with a
// header of column names and a line for each row. `Row` is whatever the cells are made of.
template <typename Row>
class ScoreFile {
 public:
  using Cell = std::function<std::string(const Row&)>;

  void add(std::string name, Cell cell) {
    names_.push_back(std::move(name));
    cells_.push_back(std::move(cell));
  }

  std::string header() const { return csv_line(names_); }

  std::string line(const Row& row) const {
    std::vector<std::string> fields;
    for (const Cell& cell : cells_) fields.push_back(cell(row));
    return csv_line(fields);
  }

 private:
  std::vector<std::string> names_;
  std::vector<Cell> cells_;
};

// All of it, where the rows are numbers from 0 on.
std::string score_file_text(const ScoreFile<size_t>& file, size_t rows);

}  // namespace bonafide
