#include "report/detector_page.h"

#include <fmt/format.h>

#include <limits>

#include "report/detector_text.h"
#include "report/plots.h"

namespace bonafide {

namespace {

void add_figures(HtmlReport& html, const DetectorPage& page) {
  const DetectorResult& result = page.result;
  html.add_figure_of_merit("EER", fmt::format("{:.2f} %", 100 * result.eer.value),
                           interval_text(result.eer, 100, 2));
  html.add_figure_of_merit("minDCF", fmt::format("{:.4f}", result.min_dcf.value),
                           interval_text(result.min_dcf, 1, 4));
  html.add_paragraph(
      fmt::format("{} bona fide and {} spoofed {}.", result.bona_fide, result.spoof, page.unit));
  for (const std::string& warning : result.warnings) html.add_warning(warning);
  for (const std::string& warning : page.warnings) html.add_warning(warning);
  html.add_table(detector_html(result));
  for (const std::string& note : page.notes) html.add_paragraph(note);
}

void add_plots(HtmlReport& html, const DetectorPage& page) {
  const Ranking ranking(page.bona_fide, page.spoof);
  html.add_figure("Detection error trade-off; the dot is the equal error rate.",
                  det_plot({{"", &ranking, page.result.eer.value}}));
  html.add_figure("Scores of both classes.",
                  score_histogram(page.bona_fide, page.spoof, page.result.eer_threshold));
  html.add_heading("As log-likelihood ratios");
  html.add_figure(
      "Tippett plot: the share of each class above a ratio. Beyond 0 on the wrong side are errors.",
      tippett_plot(page.bona_fide, page.spoof));
  html.add_figure("Reliability: probabilities that are right lie on the diagonal.",
                  reliability_plot(page.bona_fide, page.spoof));
}

}  // namespace

std::string breakdown_bars(const Breakdown& breakdown, const DetectorResult& pooled) {
  std::vector<Bar> bars;
  for (const ConditionResult& row : breakdown.rows) {
    bars.push_back({row.value, row.result ? 100 * row.result->eer.value
                                          : std::numeric_limits<double>::quiet_NaN()});
  }
  return bar_plot("EER (%)", bars, {"pooled", 100 * pooled.eer.value});
}

std::string detector_page(const DetectorPage& page) {
  HtmlReport html(page.title);
  add_figures(html, page);
  add_plots(html, page);
  for (const Breakdown& breakdown : page.breakdowns) {
    if (breakdown.rows.empty()) continue;
    html.add_heading(fmt::format("By {}", breakdown.factor));
    html.add_figure(fmt::format("Equal error rate by {}.", breakdown.factor),
                    breakdown_bars(breakdown, page.result));
    html.add_table(breakdown_html(breakdown.factor, breakdown.rows));
  }
  for (const PageSection& section : page.sections) {
    html.add_heading(section.heading);
    for (const auto& [caption, svg] : section.figures) html.add_figure(caption, svg);
    for (const HtmlTable& table : section.tables) html.add_table(table);
  }
  html.add_heading("How this was made");
  html.add_run_card(page.run_card);
  return html.text();
}

}  // namespace bonafide
