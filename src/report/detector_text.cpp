#include "report/detector_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace bonafide {

namespace {

struct Figure {
  std::string name;
  std::string value;
  std::string note;
};

std::string range(const Estimate& estimate, double factor, int decimals) {
  if (!estimate.interval) return "";
  return fmt::format("[{:.{}f}, {:.{}f}]", factor * estimate.interval->low, decimals,
                     factor * estimate.interval->high, decimals);
}

std::string tied_share(const DetectorResult& r) {
  if (r.tied_trials == 0) return "";
  const double share =
      static_cast<double>(r.tied_trials) / static_cast<double>(r.bona_fide + r.spoof);
  return fmt::format("{:.2f} % of the trials are tied with the other class", 100 * share);
}

std::string percent(const std::optional<double>& rate) {
  return rate ? fmt::format("{:.4f}", 100 * *rate) : "-";
}

// What could not be measured is a dash with the reason.
void add_asv_figures(const AsvSystem& asv, std::vector<Figure>& list) {
  const AsvRates rates = asv.rates.value_or(AsvRates{});
  const auto add_rate = [&](const char* name, const std::optional<double>& rate, std::string note) {
    list.push_back({name, percent(rate), rate ? std::move(note) : asv.reason});
  };
  const auto known = [&](double rate) { return asv.rates ? std::optional(rate) : std::nullopt; };
  add_rate("ASV EER %", asv.eer ? std::optional(asv.eer->value) : std::nullopt,
           asv.eer ? fmt::format("threshold {:.6g}", asv.eer->threshold) : "");
  add_rate("ASV Pmiss %", known(rates.miss), fmt::format("{} targets", asv.target));
  add_rate("ASV Pfa %", known(rates.false_alarm), fmt::format("{} nontargets", asv.nontarget));
  add_rate("ASV Pfa,spoof %", rates.spoof_false_alarm, fmt::format("{} spoofs", asv.spoof));
}

// The tandem of the ASV system and the countermeasure.
void add_tandem_figures(const DetectorResult& r, std::vector<Figure>& list) {
  const auto add_cost = [&](const char* name, const char* key,
                            const std::optional<Estimate>& cost) {
    const auto reason = r.reasons.find(key);
    list.push_back({name, cost ? fmt::format("{:.5f}", cost->value) : "-",
                    cost                        ? range(*cost, 1, 5)
                    : reason != r.reasons.end() ? reason->second
                                                : ""});
  };
  add_cost("min t-DCF (2019)", "min_tdcf_legacy", r.legacy_tandem_dcf);
  add_cost("min t-DCF (2021)", "min_tdcf_revised", r.revised_tandem_dcf);
}

std::vector<Figure> figures(const DetectorResult& r) {
  std::vector<Figure> list;
  list.push_back({fmt::format("EER ({}) %", name_of(r.variant)),
                  fmt::format("{:.4f}", 100 * r.eer.value),
                  fmt::format("{}{}threshold {:.6g}", range(r.eer, 100, 4),
                              r.eer.interval ? " " : "", r.eer_threshold)});
  list.push_back(
      {"EER, ties merged %", fmt::format("{:.4f}", 100 * r.tie_aware_eer), tied_share(r)});
  list.push_back({"minDCF", fmt::format("{:.5f}", r.min_dcf.value), range(r.min_dcf, 1, 5)});
  list.push_back({"actDCF", fmt::format("{:.5f}", r.actual_dcf), "if the scores are LLRs"});
  list.push_back({"Cllr (bits)", fmt::format("{:.5f}", r.cllr.value), range(r.cllr, 1, 5)});
  list.push_back({"minCllr (bits)", fmt::format("{:.5f}", r.min_cllr), ""});
  list.push_back({"AUC", fmt::format("{:.6f}", r.auc), ""});
  if (r.asv) {
    add_asv_figures(*r.asv, list);
    add_tandem_figures(r, list);
  }
  return list;
}

std::string lines_of(const std::vector<Figure>& figures) {
  std::string text;
  for (const Figure& figure : figures) {
    text += fmt::format("{:<18}{:>12}{}{}\n", figure.name, figure.value,
                        figure.note.empty() ? "" : "  ", figure.note);
  }
  return text;
}

std::array<std::string, 5> cells(const ConditionResult& row) {
  return {printable(row.value, 40), fmt::format("{}", row.bona_fide), fmt::format("{}", row.spoof),
          row.result ? fmt::format("{:.4f}", 100 * row.result->eer.value) : "-",
          row.result ? fmt::format("{:.5f}", row.result->min_dcf.value) : "-"};
}

constexpr std::array<std::string_view, 4> kColumns = {"bona fide", "spoof", "EER %", "minDCF"};

}  // namespace

std::string interval_text(const Estimate& estimate, double factor, int decimals) {
  if (!estimate.interval) return "";
  return fmt::format("interval {:.{}f} to {:.{}f}", factor * estimate.interval->low, decimals,
                     factor * estimate.interval->high, decimals);
}

std::string detector_text(const DetectorResult& result) { return lines_of(figures(result)); }

std::string asv_text(const AsvSystem& asv) {
  std::vector<Figure> list;
  add_asv_figures(asv, list);
  return lines_of(list);
}

std::string breakdown_text(std::string_view factor, const std::vector<ConditionResult>& rows) {
  size_t width = factor.size();
  for (const ConditionResult& row : rows) width = std::max(width, cells(row)[0].size());
  std::string text = fmt::format("{:<{}}  {:>9}  {:>8}  {:>8}  {:>8}\n", factor, width, kColumns[0],
                                 kColumns[1], kColumns[2], kColumns[3]);
  for (const ConditionResult& row : rows) {
    const auto c = cells(row);
    text +=
        fmt::format("{:<{}}  {:>9}  {:>8}  {:>8}  {:>8}\n", c[0], width, c[1], c[2], c[3], c[4]);
  }
  return text;
}

HtmlTable detector_html(const DetectorResult& result) {
  HtmlTable table{"", {"figure", "value", ""}, {}};
  for (const Figure& figure : figures(result)) {
    table.rows.push_back({figure.name, figure.value, figure.note});
  }
  return table;
}

HtmlTable breakdown_html(std::string_view factor, const std::vector<ConditionResult>& rows) {
  HtmlTable table{"", {std::string(factor)}, {}};
  table.columns.insert(table.columns.end(), kColumns.begin(), kColumns.end());
  for (const ConditionResult& row : rows) {
    const auto c = cells(row);
    table.rows.emplace_back(c.begin(), c.end());
  }
  return table;
}

}  // namespace bonafide
