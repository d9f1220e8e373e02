#include "report/comparison_text.h"

#include <fmt/format.h>

#include <map>

namespace bonafide {

namespace {

struct Style {
  std::string name;
  double factor = 1;
  int decimals = 5;
};

Style style_of(const std::string& figure) {
  static const std::map<std::string, Style> styles = {
      {"eer", {"EER %", 100, 4}},
      {"min_dcf", {"minDCF", 1, 5}},
      {"cllr_bits", {"Cllr (bits)", 1, 5}},
      {"min_tdcf_legacy", {"min t-DCF (2019)", 1, 5}},
      {"min_tdcf_revised", {"min t-DCF (2021)", 1, 5}},
      {"sasv_eer", {"SASV-EER %", 100, 4}},
      {"sv_eer", {"SV-EER %", 100, 4}},
      {"spf_eer", {"SPF-EER %", 100, 4}},
      {"a_dcf_asvspoof5", {"a-DCF (ASVspoof 5)", 1, 5}},
      {"a_dcf1", {"a-DCF1", 1, 5}},
      {"sv_min_dcf_p05", {"SV minDCF (0.05)", 1, 5}},
      {"sv_min_dcf_p01", {"SV minDCF (0.01)", 1, 5}},
  };
  return styles.at(figure);
}

std::string p_value(double p) { return fmt::format("{:.4g}", p); }

}  // namespace

HtmlTable comparison_html(const Comparison& comparison) {
  HtmlTable table{"", {"figure", "first", "second", "first - second", "interval", "p"}, {}};
  for (const PairedFigure& figure : comparison.figures) {
    const Style style = style_of(figure.name);
    const auto text = [&](double value) {
      return fmt::format("{:.{}f}", style.factor * value, style.decimals);
    };
    table.rows.push_back(
        {style.name, text(figure.first), text(figure.second), text(figure.first - figure.second),
         fmt::format("[{}, {}]", text(figure.difference.low), text(figure.difference.high)),
         p_value(figure.p_value)});
  }
  const McNemar& test = comparison.decisions;
  table.rows.push_back({"only one right (McNemar)", fmt::format("{}", test.only_first),
                        fmt::format("{}", test.only_second),
                        fmt::format("{}", static_cast<long long>(test.only_first) -
                                              static_cast<long long>(test.only_second)),
                        "", p_value(test.p_value)});
  return table;
}

std::string comparison_text(const Comparison& comparison) {
  const HtmlTable table = comparison_html(comparison);
  std::string text;
  const auto add = [&](const std::vector<std::string>& cells) {
    text += fmt::format("{:<24}{:>10}{:>11}{:>15}  {:<24}{:>9}\n", cells[0], cells[1], cells[2],
                        cells[3], cells[4], cells[5]);
  };
  add(table.columns);
  for (const auto& row : table.rows) add(row);
  return text;
}

}  // namespace bonafide
