#include "report/sasv_tables.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "base/text.h"

namespace bonafide {

namespace {

std::string columns(const HtmlTable& table) {
  size_t first = 0;
  for (const auto& row : table.rows) first = std::max(first, row[0].size());
  std::string text;
  const auto add = [&](const std::vector<std::string>& cells) {
    text += fmt::format("{:<{}}", cells[0], std::max(first, table.columns[0].size()));
    for (size_t i = 1; i < cells.size(); ++i) text += fmt::format("  {:>10}", cells[i]);
    text += '\n';
  };
  add(table.columns);
  for (const auto& row : table.rows) add(row);
  return text;
}

}  // namespace

std::string without_unit(const SasvFigure& rate) {
  return std::string(rate.title.substr(0, rate.title.find(' ')));
}

HtmlTable sasv_table(const SasvResult& result) {
  HtmlTable table{"", {"figure", "value", ""}, {}};
  for (const auto& row : result.rows()) table.rows.push_back({row.name, row.value, row.note});
  return table;
}

HtmlTable breakdown_table(const SasvBreakdown& breakdown, const SasvResult& pooled) {
  const std::vector<std::pair<std::string, size_t SasvResult::*>> classes = {
      {"target", &SasvResult::target},
      {"nontarget", &SasvResult::nontarget},
      {"spoof", &SasvResult::spoof}};
  const std::vector<std::pair<std::string, std::string>> figures = {
      {"sasv_eer", "SASV-EER %"},
      {"sv_eer", "SV-EER %"},
      {"spf_eer", "SPF-EER %"},
      {"a_dcf_asvspoof5", "a-DCF"},
      {"sv_min_dcf_p05", "SV minDCF"}};
  HtmlTable table{"", {breakdown.factor}, {}};
  for (const SasvCondition& row : breakdown.rows) table.rows.push_back({printable(row.value, 40)});
  for (const auto& [name, count] : classes) {
    if (pooled.*count == 0) continue;
    table.columns.push_back(name);
    for (size_t i = 0; i < breakdown.rows.size(); ++i) {
      table.rows[i].push_back(fmt::format("{}", breakdown.rows[i].result.*count));
    }
  }
  for (const auto& [name, title] : figures) {
    if (!pooled.find(name)->value) continue;
    table.columns.push_back(title);
    for (size_t i = 0; i < breakdown.rows.size(); ++i) {
      table.rows[i].push_back(breakdown.rows[i].result.find(name)->value_text());
    }
  }
  return table;
}

std::string missing_figures(const SasvBreakdown& breakdown, const SasvResult& pooled) {
  std::string text;
  for (const SasvCondition& row : breakdown.rows) {
    std::map<std::string, std::vector<std::string_view>> by_reason;
    for (const SasvFigure& figure : row.result.figures) {
      if (figure.value || !pooled.find(figure.name)->value) continue;
      by_reason[figure.reason].push_back(figure.title);
    }
    for (const auto& [reason, titles] : by_reason) {
      text += fmt::format("\nwarning: {} {}: no {}: {}\n", breakdown.factor,
                          printable(row.value, 40), fmt::join(titles, ", "), reason);
    }
  }
  return text;
}

std::string breakdown_text(const SasvBreakdown& breakdown, const SasvResult& pooled) {
  return columns(breakdown_table(breakdown, pooled));
}

}  // namespace bonafide
