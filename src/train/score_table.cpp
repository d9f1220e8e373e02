#include "train/score_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

#include "base/csv.h"

namespace bonafide {

namespace {

// What the protocol says of a trial besides: a column each, when any trial has a value.
using Column = std::pair<std::string_view, std::function<std::string_view(const Trial&)>>;

std::vector<Column> further_columns(const std::vector<Trial>& trials) {
  std::vector<Column> columns = {
      {"codec", [](const Trial& t) -> std::string_view { return t.codec; }},
      {"language", [](const Trial& t) -> std::string_view { return t.language; }},
      {"gender", [](const Trial& t) -> std::string_view { return t.gender; }},
      {"source", [](const Trial& t) -> std::string_view { return t.source; }}};
  for (const std::string_view name : condition_names()) {
    columns.push_back({name, [name](const Trial& t) { return condition(t, name); }});
  }
  std::erase_if(columns, [&](const Column& column) {
    return std::all_of(trials.begin(), trials.end(),
                       [&](const Trial& trial) { return column.second(trial).empty(); });
  });
  return columns;
}

}  // namespace

std::string scores_csv(const std::vector<Trial>& trials,
                       const std::vector<std::optional<double>>& scores) {
  const std::vector<Column> further = further_columns(trials);
  std::vector<std::string> cells = {"file", "score", "label", "speaker", "attack", "partition"};
  for (const auto& [name, value] : further) cells.emplace_back(name);
  std::string text = csv_line(cells);
  for (size_t i = 0; i < scores.size(); ++i) {
    const Trial& trial = trials[i];
    cells = {trial.id,
             scores[i] ? fmt::format("{:.9g}", *scores[i]) : "",
             std::string(name_of(trial.label)),
             trial.speaker,
             trial.attack,
             trial.partition};
    for (const auto& [name, value] : further) cells.emplace_back(value(trial));
    text += csv_line(cells);
  }
  return text;
}

}  // namespace bonafide
