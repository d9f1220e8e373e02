#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "base/error.h"
#include "base/file.h"
#include "base/json_value.h"
#include "base/text.h"
#include "cli/metrics_modes.h"
#include "metrics/comparison.h"
#include "metrics/problem.h"
#include "metrics/sasv_result.h"
#include "metrics/verification_trials.h"
#include "report/comparison_text.h"
#include "report/html.h"
#include "report/sasv_plots.h"
#include "report/sasv_tables.h"
#include "report/table_files.h"

namespace bonafide {

namespace {

// All that is known of the scores of verification trials.
struct SasvEvaluation {
  VerificationScores scores;  // the single ones
  SasvResult result;
  std::optional<VerificationScores> compared_scores;
  std::optional<Comparison> comparison;
  std::vector<SasvBreakdown> breakdowns;
  std::optional<Grid> cross;
};

Grid cross_grid(const Trials& trials, const std::vector<std::string>& by, const SasvFigure& rate,
                EerVariant variant) {
  return eer_grid(
      without_unit(rate), by,
      cross_sasv_eers(trials, trials.factor(by[0]), trials.factor(by[1]), rate.name, variant));
}

// Of trials that have none of the figures, each has its reason; the first stands for all.
void refuse_without_figures(const MetricsOptions& options, const SasvResult& result) {
  const auto has_value = [](const SasvFigure& f) { return f.value.has_value(); };
  if (std::any_of(result.figures.begin(), result.figures.end(), has_value)) return;
  throw Error(fmt::format("{}: {}: {}, and so none of the figures of verification",
                          printable(options.scores), result.trials_text(),
                          result.figures.front().reason));
}

SasvEvaluation evaluate(const MetricsOptions& options, const MetricsTrials& read) {
  const Trials& trials = read.trials;
  auto sasv = evaluation_options<SasvOptions>(options);
  SasvEvaluation e;
  e.scores = verification_scores(trials, only_scores(trials));
  e.result = evaluate_sasv(trials, sasv);
  refuse_without_figures(options, e.result);
  if (read.compared) {
    e.compared_scores = verification_scores(*read.compared, only_scores(*read.compared));
    e.comparison = compare_sasv(trials, *read.compared, sasv, options.threshold);
  }
  sasv.resamples = 0;
  for (const std::string& by : options.by) {
    e.breakdowns.push_back({by, evaluate_sasv_by(trials, trials.factor(by), sasv)});
  }
  const SasvFigure* rate = e.result.leading_rate();
  if (!options.by.empty() && rate == nullptr) {
    e.result.warnings.emplace_back("no error rate has a value: there are none by the factors");
  } else if (options.cross && options.by.size() == 2) {
    e.cross = cross_grid(trials, options.by, *rate, sasv.eer);
  }
  return e;
}

void print(const MetricsOptions& options, const MetricsContext& context, const SasvEvaluation& e,
           size_t left_out) {
  fmt::print("{}: {}\n\n{}", context.name, e.result.trials_text(), e.result.text());
  for (const std::string& warning : e.result.warnings) fmt::print("\nwarning: {}\n", warning);
  print_left_out(left_out);
  if (e.comparison) {
    fmt::print("\nCompared with {}\n{}", printable(options.compare),
               comparison_text(*e.comparison));
  }
  for (const SasvBreakdown& b : e.breakdowns) {
    fmt::print("\n{}{}", breakdown_text(b, e.result), missing_figures(b, e.result));
  }
  if (e.cross) fmt::print("\n{}\n{}", e.cross->caption, grid_text(*e.cross));
  if (e.cross) {
    for (const std::string& warning : e.cross->warnings) fmt::print("\nwarning: {}\n", warning);
  }
}

Json to_json(const MetricsOptions& options, const MetricsContext& context,
             const SasvEvaluation& e) {
  Json json = context.json;
  json["metrics"] = e.result.to_json();
  if (e.comparison) {
    json["comparison"] = e.comparison->to_json();
    json["comparison"]["with"] = printable(options.compare);
  }
  for (const SasvBreakdown& b : e.breakdowns) {
    for (const SasvCondition& row : b.rows) {
      json["by"][b.factor][printable(row.value)] = row.result.to_json();
    }
  }
  if (e.cross) json["cross"] = grid_json(*e.cross);
  return json;
}

std::string file_name(const std::string& path) {
  return printable(std::filesystem::path(path).filename().string(), 40);
}

// Of two systems, the curve against all the others that there are.
std::string det_svg(const MetricsOptions& options, const SasvEvaluation& e) {
  std::vector<SasvCurve> curves = sasv_curves(e.scores, e.result);
  if (!e.compared_scores) return sasv_det_plot(curves, e.result);
  const RankedTrials compared = ranked(*e.compared_scores);
  const EerVariant variant = evaluation_options<SasvOptions>(options).eer;
  SasvCurve other{file_name(options.compare), compared.ranking(), std::nullopt};
  problem_of([&] { other.rate = equal_error_rate(variant, other.ranking).value; });
  curves.resize(1, curves.front());
  curves.front().name = file_name(options.scores);
  curves.push_back(other);
  return sasv_det_plot(curves, e.result);
}

void write_plots(const MetricsOptions& options, const SasvEvaluation& e) {
  const std::filesystem::path folder = options.plots;
  std::filesystem::create_directories(folder);
  write_atomically(folder / "det.svg", det_svg(options, e));
  write_atomically(folder / "histogram.svg", sasv_histogram(e.scores));
  const SasvFigure* rate = e.result.leading_rate();
  if (rate == nullptr) return;
  for (const SasvBreakdown& b : e.breakdowns) {
    write_atomically(folder / fmt::format("by_{}.svg", file_part(b.factor)), sasv_bars(*rate, b));
  }
}

void write_tables(const MetricsOptions& options, const SasvEvaluation& e) {
  const std::filesystem::path folder = options.tables;
  std::filesystem::create_directories(folder);
  write_atomically(folder / "figures.csv", figures_csv(e.result));
  write_atomically(folder / "figures.tex", latex_table(sasv_table(e.result)));
  for (const SasvBreakdown& b : e.breakdowns) {
    const std::string name = "by_" + file_part(b.factor);
    write_atomically(folder / (name + ".csv"), breakdown_csv(b));
    write_atomically(folder / (name + ".tex"), latex_table(breakdown_table(b, e.result)));
  }
  if (e.cross) {
    const std::string name =
        fmt::format("{}_by_{}", file_part(options.by[0]), file_part(options.by[1]));
    write_atomically(folder / (name + ".csv"), grid_csv(*e.cross));
    write_atomically(folder / (name + ".tex"), latex_table(grid_html(*e.cross)));
  }
}

std::string page_text(const MetricsOptions& options, const MetricsContext& context,
                      const SasvEvaluation& e) {
  HtmlReport page(context.title);
  for (const SasvFigure* figure : {e.result.leading_rate(), e.result.leading_cost()}) {
    if (figure == nullptr) continue;
    page.add_figure_of_merit(figure->rate ? without_unit(*figure) : std::string(figure->title),
                             figure->value_text() + (figure->rate ? " %" : ""),
                             figure->interval_text());
  }
  page.add_paragraph(fmt::format("Trials: {}.", e.result.trials_text()));
  for (const std::string& warning : e.result.warnings) page.add_warning(warning);
  for (const std::string& warning : context.warnings) page.add_warning(warning);
  page.add_table(sasv_table(e.result));
  page.add_figure("Detection error trade-off; the dots are the equal error rates.",
                  det_svg(options, e));
  page.add_figure("Scores of each class.", sasv_histogram(e.scores));
  const SasvFigure* rate = e.result.leading_rate();
  for (const SasvBreakdown& b : e.breakdowns) {
    page.add_heading(fmt::format("By {}", b.factor));
    if (rate != nullptr) {
      page.add_figure(fmt::format("{} by {}.", without_unit(*rate), b.factor), sasv_bars(*rate, b));
    }
    page.add_table(breakdown_table(b, e.result));
  }
  if (e.cross) {
    page.add_heading(fmt::format("{} by {}", options.by[0], options.by[1]));
    page.add_table(grid_html(*e.cross));
  }
  if (e.comparison) {
    page.add_heading(fmt::format("Compared with {}", printable(options.compare)));
    page.add_table(comparison_html(*e.comparison));
  }
  for (const PageSection& section : context.sections) {
    page.add_heading(section.heading);
    for (const auto& [caption, svg] : section.figures) page.add_figure(caption, svg);
    for (const HtmlTable& table : section.tables) page.add_table(table);
  }
  page.add_heading("How this was made");
  page.add_run_card(context.run_card);
  return page.text();
}

}  // namespace

Json run_sasv_metrics(const MetricsOptions& options, const MetricsTrials& read,
                      const MetricsContext& context) {
  refuse_options("trials of targets and nontargets",
                 {{"--threshold without --compare", options.threshold && options.compare.empty()},
                  {"--asv-scores", !options.asv_scores.empty()}});
  const SasvEvaluation evaluation = evaluate(options, read);
  print(options, context, evaluation, read.trials.left_out);
  if (!options.plots.empty()) write_plots(options, evaluation);
  if (!options.tables.empty()) write_tables(options, evaluation);
  if (!options.report.empty()) {
    write_atomically(options.report, page_text(options, context, evaluation));
  }
  return to_json(options, context, evaluation);
}

}  // namespace bonafide
