#include "trials/score_file.h"

#include <fmt/format.h>

namespace bonafide {

std::string score_text(const std::optional<double>& score) {
  return score ? fmt::format("{:.9g}", *score) : "";
}

std::string score_file_text(const ScoreFile<size_t>& file, size_t rows) {
  std::string text = file.header();
  for (size_t row = 0; row < rows; ++row) text += file.line(row);
  return text;
}

}  // namespace bonafide
