#include "report/table_files.h"

#include <fmt/format.h>

#include "base/csv.h"

namespace bonafide {

namespace {

std::string escape_latex(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '\\':
        escaped += "\\textbackslash{}";
        break;
      case '~':
        escaped += "\\textasciitilde{}";
        break;
      case '^':
        escaped += "\\textasciicircum{}";
        break;
      case '&':
      case '%':
      case '$':
      case '#':
      case '_':
      case '{':
      case '}':
        escaped += '\\';
        [[fallthrough]];
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string latex_row(const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& cell : cells) line += (line.empty() ? "" : " & ") + escape_latex(cell);
  return line + " \\\\\n";
}

std::string digits(double value) { return fmt::format("{}", value); }

}  // namespace

std::string latex_table(const HtmlTable& table) {
  std::string text = fmt::format("\\begin{{tabular}}{{l{}}}\n\\toprule\n",
                                 std::string(table.columns.size() - 1, 'r'));
  text += latex_row(table.columns) + "\\midrule\n";
  for (const auto& row : table.rows) text += latex_row(row);
  return text + "\\bottomrule\n\\end{tabular}\n";
}

std::string figures_csv(const DetectorResult& r) {
  std::string text = csv_line({"figure", "value", "low", "high"});
  const auto add = [&](std::string_view name, const Estimate& e) {
    text += csv_line({std::string(name), digits(e.value), e.interval ? digits(e.interval->low) : "",
                      e.interval ? digits(e.interval->high) : ""});
  };
  add("eer", r.eer);
  add("tie_aware_eer", {r.tie_aware_eer, {}});
  add("min_dcf", r.min_dcf);
  add("actual_dcf", {r.actual_dcf, {}});
  add("cllr_bits", r.cllr);
  add("min_cllr_bits", {r.min_cllr, {}});
  add("auc", {r.auc, {}});
  if (!r.asv) return text;
  const auto add_known = [&](std::string_view name, const std::optional<Estimate>& estimate) {
    if (estimate) return add(name, *estimate);
    text += csv_line({std::string(name), "", "", ""});
  };
  const auto estimate = [](const std::optional<double>& value) {
    return value ? std::optional(Estimate{*value, {}}) : std::nullopt;
  };
  const std::optional<AsvRates>& rates = r.asv->rates;
  add_known("asv_eer", estimate(r.asv->eer ? std::optional(r.asv->eer->value) : std::nullopt));
  add_known("asv_miss", estimate(rates ? std::optional(rates->miss) : std::nullopt));
  add_known("asv_false_alarm", estimate(rates ? std::optional(rates->false_alarm) : std::nullopt));
  add_known("asv_spoof_false_alarm", estimate(rates ? rates->spoof_false_alarm : std::nullopt));
  add_known("min_tdcf_legacy", r.legacy_tandem_dcf);
  add_known("min_tdcf_revised", r.revised_tandem_dcf);
  return text;
}

std::string figures_csv(const SasvResult& r) {
  std::string text = csv_line({"figure", "value", "low", "high"});
  for (const SasvFigure& f : r.figures) {
    text += csv_line({std::string(f.name), f.value ? digits(*f.value) : "",
                      f.interval ? digits(f.interval->low) : "",
                      f.interval ? digits(f.interval->high) : ""});
  }
  return text;
}

std::string breakdown_csv(const SasvBreakdown& breakdown) {
  std::vector<std::string> header = {breakdown.factor, "target_trials", "nontarget_trials",
                                     "spoof_trials"};
  for (const SasvRule& rule : sasv_rules()) header.emplace_back(rule.name);
  std::string text = csv_line(header);
  for (const SasvCondition& row : breakdown.rows) {
    std::vector<std::string> fields = {row.value};
    for (const size_t count : {row.result.target, row.result.nontarget, row.result.spoof}) {
      fields.push_back(fmt::format("{}", count));
    }
    for (const SasvRule& rule : sasv_rules()) {
      const SasvFigure* figure = row.result.find(rule.name);
      fields.push_back(figure != nullptr && figure->value ? digits(*figure->value) : "");
    }
    text += csv_line(fields);
  }
  return text;
}

std::string breakdown_csv(std::string_view factor, const std::vector<ConditionResult>& rows) {
  std::string text = csv_line({std::string(factor), "bona_fide_trials", "spoof_trials", "eer",
                               "min_dcf", "actual_dcf", "cllr_bits", "min_cllr_bits", "auc"});
  for (const ConditionResult& row : rows) {
    std::vector<std::string> fields = {row.value, fmt::format("{}", row.bona_fide),
                                       fmt::format("{}", row.spoof)};
    if (row.result) {
      const DetectorResult& r = *row.result;
      for (const double value :
           {r.eer.value, r.min_dcf.value, r.actual_dcf, r.cllr.value, r.min_cllr, r.auc}) {
        fields.push_back(digits(value));
      }
    }
    fields.resize(9);
    text += csv_line(fields);
  }
  return text;
}

}  // namespace bonafide
