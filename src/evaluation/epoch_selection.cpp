#include "evaluation/epoch_selection.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "base/error.h"
#include "base/json_value.h"
#include "base/text.h"
#include "evaluation/task.h"
#include "metrics/sasv_figures.h"

namespace bonafide {

namespace {

// "SASV-EER %" without its unit.
std::string title_of(const SasvRule& rule) {
  const auto unit = rule.title.rfind(" %");
  return std::string(rule.title.substr(0, unit));
}

void choose_rule(const std::string& wanted, EpochSelection& selection) {
  std::vector<std::string_view> names;
  for (const SasvRule& rule : sasv_rules()) {
    if (wanted == rule.name) {
      selection.figure = wanted;
      selection.title = title_of(rule);
      selection.rate = rule.rate;
      return;
    }
    names.push_back(rule.name);
  }
  throw UsageError(fmt::format("train.select_by: \"{}\" is no figure of verification trials: {}",
                               printable(wanted), fmt::join(names, ", ")));
}

}  // namespace

std::string EpochSelection::text(double value) const {
  return rate ? fmt::format("{:.2f} %", value) : fmt::format("{:.5f}", value);
}

EpochSelection selection_of(const Recipe& recipe) {
  EpochSelection selection;
  const Json& part = recipe.at("train.select");
  if (part.is_string()) selection.part = part.get<std::string>();
  if (selection.part == "none") selection.part.clear();
  const Json& by = recipe.at("train.select_by");
  if (task_of(recipe).verifies()) {
    choose_rule(by.is_null() ? "sasv_eer" : by.get<std::string>(), selection);
  } else if (!by.is_null() && by != "eer") {
    throw UsageError(fmt::format("train.select_by: detection is chosen by its eer, not by \"{}\"",
                                 printable(by.get<std::string>())));
  }
  return selection;
}

}  // namespace bonafide
