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
  if (r.legacy_tandem_dcf) add("min_tdcf_legacy", *r.legacy_tandem_dcf);
  if (r.revised_tandem_dcf) add("min_tdcf_revised", *r.revised_tandem_dcf);
  return text;
}

std::string figures_csv(const SasvResult& r) {
  std::string text = csv_line({"figure", "value", "low", "high"});
  const auto add = [&](std::string_view name, double value, const Interval* interval) {
    text += csv_line({std::string(name), digits(value), interval ? digits(interval->low) : "",
                      interval ? digits(interval->high) : ""});
  };
  const SasvIntervals* i = r.intervals ? &*r.intervals : nullptr;
  add("sasv_eer", r.eers.sasv, i ? &i->sasv : nullptr);
  add("sv_eer", r.eers.sv, i ? &i->sv : nullptr);
  add("spf_eer", r.eers.spf, i ? &i->spf : nullptr);
  add("a_dcf_asvspoof5", r.asvspoof5.value, i ? &i->asvspoof5 : nullptr);
  add("a_dcf1", r.paper.value, i ? &i->paper : nullptr);
  if (r.tandem_eer) {
    add("t_eer", r.tandem_eer->value, i && i->tandem_eer ? &*i->tandem_eer : nullptr);
  }
  if (r.min_tandem_dcf) {
    add("min_tdcf_revised", *r.min_tandem_dcf,
        i && i->min_tandem_dcf ? &*i->min_tandem_dcf : nullptr);
  }
  return text;
}

std::string breakdown_csv(std::string_view factor, const std::vector<SasvCondition>& rows) {
  std::string text =
      csv_line({std::string(factor), "target_trials", "nontarget_trials", "spoof_trials",
                "sasv_eer", "sv_eer", "spf_eer", "a_dcf_asvspoof5", "a_dcf1"});
  for (const SasvCondition& row : rows) {
    std::vector<std::string> fields = {row.value};
    if (row.result) {
      const SasvResult& r = *row.result;
      for (const size_t count : {r.target, r.nontarget, r.spoof}) {
        fields.push_back(fmt::format("{}", count));
      }
      for (const double value :
           {r.eers.sasv, r.eers.sv, r.eers.spf, r.asvspoof5.value, r.paper.value}) {
        fields.push_back(digits(value));
      }
    }
    fields.resize(9);
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
