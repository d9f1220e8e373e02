#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <optional>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/metrics_modes.h"
#include "metrics/comparison.h"
#include "metrics/sasv_result.h"
#include "metrics/verification_trials.h"
#include "report/comparison_text.h"
#include "report/html.h"
#include "report/plots.h"
#include "report/table_files.h"

namespace bonafide {

namespace {

struct SasvBreakdown {
  std::string factor;
  std::vector<SasvCondition> rows;
};

// All that is known of the scores of verification trials.
struct SasvEvaluation {
  VerificationScores scores;  // the single ones
  SasvResult result;
  std::optional<VerificationScores> compared_scores;
  std::optional<Comparison> comparison;
  std::vector<SasvBreakdown> breakdowns;
  std::optional<Grid> cross;
};

SasvEvaluation evaluate(const MetricsOptions& options, const MetricsTrials& read) {
  const Trials& trials = read.trials;
  auto sasv = evaluation_options<SasvOptions>(options);
  SasvEvaluation e;
  e.scores = verification_scores(trials, only_scores(trials));
  e.result = evaluate_sasv(trials, sasv);
  if (read.compared) {
    e.compared_scores = verification_scores(*read.compared, only_scores(*read.compared));
    e.comparison = compare_sasv(trials, *read.compared, sasv, options.threshold);
  }
  sasv.resamples = 0;
  for (const std::string& by : options.by) {
    e.breakdowns.push_back({by, evaluate_sasv_by(trials, trials.factor(by), sasv)});
  }
  if (options.by.size() == 2) {
    e.cross = eer_grid("SASV-EER", options.by,
                       cross_sasv_eers(trials, trials.factor(options.by[0]),
                                       trials.factor(options.by[1]), sasv.eer));
  }
  return e;
}

HtmlTable breakdown_table(const SasvBreakdown& breakdown) {
  HtmlTable table{
      "",
      {breakdown.factor, "target", "nontarget", "spoof", "SASV-EER %", "SPF-EER %", "a-DCF"},
      {}};
  for (const SasvCondition& row : breakdown.rows) {
    auto& cells = table.rows.emplace_back(1, printable(row.value, 40));
    if (row.result) {
      const SasvResult& r = *row.result;
      for (const size_t count : {r.target, r.nontarget, r.spoof}) {
        cells.push_back(fmt::format("{}", count));
      }
      cells.push_back(fmt::format("{:.4f}", 100 * r.eers.sasv));
      cells.push_back(fmt::format("{:.4f}", 100 * r.eers.spf));
      cells.push_back(fmt::format("{:.5f}", r.asvspoof5.value));
    }
    cells.resize(7, "-");
  }
  return table;
}

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

HtmlTable figures_table(const SasvResult& result) {
  HtmlTable table{"", {"figure", "value", ""}, {}};
  for (const auto& row : result.rows()) table.rows.push_back({row.name, row.value, row.note});
  return table;
}

void print(const MetricsOptions& options, const SasvEvaluation& e, size_t left_out) {
  fmt::print("{}: {} target, {} nontarget, {} spoof\n\n{}", printable(options.scores),
             e.result.target, e.result.nontarget, e.result.spoof, e.result.text());
  for (const std::string& warning : e.result.warnings) fmt::print("\nwarning: {}\n", warning);
  print_left_out(left_out);
  if (e.comparison) {
    fmt::print("\nCompared with {}\n{}", printable(options.compare),
               comparison_text(*e.comparison));
  }
  for (const SasvBreakdown& b : e.breakdowns) {
    fmt::print("\n{}{}", columns(breakdown_table(b)), breakdown_warnings(b.factor, b.rows));
  }
  if (e.cross) fmt::print("\n{}\n{}", e.cross->caption, grid_text(*e.cross));
  if (e.cross) {
    for (const std::string& warning : e.cross->warnings) fmt::print("\nwarning: {}\n", warning);
  }
}

Json to_json(const MetricsOptions& options, const SasvEvaluation& e) {
  Json json = metrics_json(options);
  json["metrics"] = e.result.to_json();
  if (e.comparison) {
    json["comparison"] = e.comparison->to_json();
    json["comparison"]["with"] = printable(options.compare);
  }
  for (const SasvBreakdown& b : e.breakdowns) {
    for (const SasvCondition& row : b.rows) {
      json["by"][b.factor][printable(row.value)] = row.result ? row.result->to_json() : Json();
    }
  }
  if (e.cross) json["cross"] = grid_json(*e.cross);
  return json;
}

std::string file_name(const std::string& path) {
  return printable(std::filesystem::path(path).filename().string(), 40);
}

// Targets against both kinds of others, and against each; of two systems, against both kinds.
std::string det_svg(const MetricsOptions& options, const SasvEvaluation& e) {
  const DetAxes axes = {"others accepted (%)", "targets rejected (%)"};
  const Ranking all = sasv_ranking(e.scores);
  if (e.compared_scores) {
    const Ranking compared = sasv_ranking(*e.compared_scores);
    const EerVariant variant = evaluation_options<SasvOptions>(options).eer;
    return det_plot(
        {{file_name(options.scores), &all, e.result.eers.sasv},
         {file_name(options.compare), &compared, equal_error_rate(variant, compared).value}},
        axes);
  }
  const Ranking nontargets = all.without(2);
  const Ranking spoofs = all.without(1);
  return det_plot({{"against all (SASV)", &all, e.result.eers.sasv},
                   {"against nontargets (SV)", &nontargets, e.result.eers.sv},
                   {"against spoofs (SPF)", &spoofs, e.result.eers.spf}},
                  axes);
}

std::string histogram_svg(const SasvEvaluation& e) {
  return score_histogram(
      {{"target", e.scores.target}, {"nontarget", e.scores.nontarget}, {"spoof", e.scores.spoof}});
}

std::string bars_svg(const SasvEvaluation& e, const SasvBreakdown& breakdown) {
  std::vector<Bar> bars;
  for (const SasvCondition& row : breakdown.rows) {
    bars.push_back({row.value, row.result ? 100 * row.result->eers.sasv
                                          : std::numeric_limits<double>::quiet_NaN()});
  }
  return bar_plot("SASV-EER (%)", bars, {"pooled", 100 * e.result.eers.sasv});
}

void write_plots(const MetricsOptions& options, const SasvEvaluation& e) {
  const std::filesystem::path folder = options.plots;
  std::filesystem::create_directories(folder);
  write_atomically(folder / "det.svg", det_svg(options, e));
  write_atomically(folder / "histogram.svg", histogram_svg(e));
  for (const SasvBreakdown& b : e.breakdowns) {
    write_atomically(folder / fmt::format("by_{}.svg", file_part(b.factor)), bars_svg(e, b));
  }
}

void write_tables(const MetricsOptions& options, const SasvEvaluation& e) {
  const std::filesystem::path folder = options.tables;
  std::filesystem::create_directories(folder);
  write_atomically(folder / "figures.csv", figures_csv(e.result));
  write_atomically(folder / "figures.tex", latex_table(figures_table(e.result)));
  for (const SasvBreakdown& b : e.breakdowns) {
    const std::string name = "by_" + file_part(b.factor);
    write_atomically(folder / (name + ".csv"), breakdown_csv(b.factor, b.rows));
    write_atomically(folder / (name + ".tex"), latex_table(breakdown_table(b)));
  }
  if (e.cross) {
    const std::string name =
        fmt::format("{}_by_{}", file_part(options.by[0]), file_part(options.by[1]));
    write_atomically(folder / (name + ".csv"), grid_csv(*e.cross));
    write_atomically(folder / (name + ".tex"), latex_table(grid_html(*e.cross)));
  }
}

std::string page_text(const MetricsOptions& options, const SasvEvaluation& e) {
  HtmlReport page(fmt::format("Scores of {}", file_name(options.scores)));
  const auto note = [&](Interval SasvIntervals::*interval, double factor, int decimals) {
    if (!e.result.intervals) return std::string();
    const Interval& i = (*e.result.intervals).*interval;
    return fmt::format("interval {:.{}f} to {:.{}f}", factor * i.low, decimals, factor * i.high,
                       decimals);
  };
  page.add_figure_of_merit("SASV-EER", fmt::format("{:.2f} %", 100 * e.result.eers.sasv),
                           note(&SasvIntervals::sasv, 100, 2));
  page.add_figure_of_merit("a-DCF, ASVspoof 5", fmt::format("{:.4f}", e.result.asvspoof5.value),
                           note(&SasvIntervals::asvspoof5, 1, 4));
  page.add_paragraph(fmt::format("{} target, {} nontarget and {} spoofed trials.", e.result.target,
                                 e.result.nontarget, e.result.spoof));
  for (const std::string& warning : e.result.warnings) page.add_warning(warning);
  page.add_table(figures_table(e.result));
  page.add_figure("Detection error trade-off; the dots are the equal error rates.",
                  det_svg(options, e));
  page.add_figure("Scores of the three classes.", histogram_svg(e));
  for (const SasvBreakdown& b : e.breakdowns) {
    page.add_heading(fmt::format("By {}", b.factor));
    page.add_figure(fmt::format("SASV-EER by {}.", b.factor), bars_svg(e, b));
    page.add_table(breakdown_table(b));
  }
  if (e.cross) {
    page.add_heading(fmt::format("{} by {}", options.by[0], options.by[1]));
    page.add_table(grid_html(*e.cross));
  }
  if (e.comparison) {
    page.add_heading(fmt::format("Compared with {}", printable(options.compare)));
    page.add_table(comparison_html(*e.comparison));
  }
  page.add_heading("How this was made");
  page.add_run_card(metrics_run_card(options));
  return page.text();
}

}  // namespace

int run_sasv_metrics(const MetricsOptions& options, const MetricsTrials& read) {
  refuse_options("trials of targets and nontargets",
                 {{"--threshold without --compare", options.threshold && options.compare.empty()},
                  {"--asv-scores", !options.asv_scores.empty()}});
  const SasvEvaluation evaluation = evaluate(options, read);
  print(options, evaluation, read.trials.left_out);
  if (!options.json.empty()) {
    write_atomically(options.json, to_json(options, evaluation).dump(2) + "\n");
  }
  if (!options.plots.empty()) write_plots(options, evaluation);
  if (!options.tables.empty()) write_tables(options, evaluation);
  if (!options.report.empty()) write_atomically(options.report, page_text(options, evaluation));
  return 0;
}

}  // namespace bonafide
