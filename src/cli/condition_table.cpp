#include "cli/condition_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/csv.h"
#include "base/text.h"
#include "evaluation/part_figures.h"
#include "metrics/detector_result.h"

namespace bonafide {

namespace {

struct Row {
  std::string name;
  size_t bona_fide, spoof;
  std::optional<DetectorResult> result;
};

Row row_of(const Evaluation& evaluation, size_t resamples, uint64_t seed) {
  const ClassScores scores = scores_by_class(evaluation.trials, evaluation.scored);
  Row row = {evaluation.condition.name, scores.bona_fide.size(), scores.spoof.size(), {}};
  if (!scores.bona_fide.empty() && !scores.spoof.empty()) {
    row.result =
        evaluate_detector(scores.bona_fide, scores.spoof, {.resamples = resamples, .seed = seed});
  }
  return row;
}

std::vector<std::string> shown(const Row& row) {
  std::vector<std::string> cells = {printable(row.name), fmt::to_string(row.bona_fide),
                                    fmt::to_string(row.spoof)};
  if (!row.result) return cells.resize(6), cells;
  const Estimate& eer = row.result->eer;
  cells.push_back(fmt::format("{:.2f}", 100 * eer.value));
  cells.push_back(
      eer.interval ? fmt::format("{:.2f}-{:.2f}", 100 * eer.interval->low, 100 * eer.interval->high)
                   : "");
  cells.push_back(fmt::format("{:.5f}", row.result->min_dcf.value));
  return cells;
}

std::vector<std::string> exact(const Row& row) {
  std::vector<std::string> cells = {row.name, fmt::to_string(row.bona_fide),
                                    fmt::to_string(row.spoof)};
  if (!row.result) return cells.resize(7), cells;
  const Estimate& eer = row.result->eer;
  cells.push_back(fmt::to_string(eer.value));
  cells.push_back(eer.interval ? fmt::to_string(eer.interval->low) : "");
  cells.push_back(eer.interval ? fmt::to_string(eer.interval->high) : "");
  cells.push_back(fmt::to_string(row.result->min_dcf.value));
  return cells;
}

std::string text_of(const HtmlTable& table) {
  size_t widest = table.columns.front().size();
  for (const auto& row : table.rows) widest = std::max(widest, row.front().size());
  const auto line = [&](const std::vector<std::string>& cells) {
    return fmt::format("{:{}}  {:>9}  {:>6}  {:>6}  {:>13}  {:>7}\n", cells[0], widest, cells[1],
                       cells[2], cells[3], cells[4], cells[5]);
  };
  std::string text = line(table.columns);
  for (const auto& row : table.rows) text += line(row);
  return text;
}

}  // namespace

ConditionTable condition_table(const std::vector<Evaluation>& evaluations, size_t resamples,
                               uint64_t seed) {
  ConditionTable table;
  table.html.caption = "The reference under several conditions.";
  table.html.columns = {"reference", "bona fide", "spoof", "EER %", "95 % interval", "minDCF"};
  table.csv =
      csv_line({"condition", "bona_fide", "spoof", "eer", "eer_low", "eer_high", "min_dcf"});
  for (const Evaluation& evaluation : evaluations) {
    const Row row = row_of(evaluation, resamples, seed);
    table.html.rows.push_back(shown(row));
    table.csv += csv_line(exact(row));
  }
  table.text = text_of(table.html);
  return table;
}

}  // namespace bonafide
