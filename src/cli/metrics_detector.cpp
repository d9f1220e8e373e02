#include <fmt/format.h>

#include <filesystem>
#include <optional>

#include "base/file.h"
#include "base/json_value.h"
#include "base/text.h"
#include "cli/metrics_modes.h"
#include "metrics/asv_scores.h"
#include "metrics/comparison.h"
#include "metrics/decisions.h"
#include "metrics/detector_trials.h"
#include "report/comparison_text.h"
#include "report/detector_page.h"
#include "report/detector_text.h"
#include "report/plots.h"
#include "report/table_files.h"

namespace bonafide {

namespace {

// All that is known of a countermeasure's scores.
struct Evaluation {
  DetectorScores scores;
  DetectorResult result;
  std::optional<Decisions> decisions;
  std::optional<DetectorScores> compared_scores;
  std::optional<Comparison> comparison;
  std::vector<Breakdown> breakdowns;
  std::optional<Grid> cross;
};

Evaluation evaluate(const MetricsOptions& options, const MetricsTrials& read) {
  const Trials& trials = read.trials;
  auto detector = evaluation_options<DetectorOptions>(options);
  if (!options.asv_scores.empty()) {
    detector.asv = read_asv_system(options.asv_scores, options.asv_key);
  }
  Evaluation e;
  e.scores = detector_scores(trials);
  e.result = evaluate_detector(e.scores.bona_fide, e.scores.spoof, detector, e.scores.speakers);
  if (options.threshold) {
    e.decisions = decide(e.scores.bona_fide, e.scores.spoof, *options.threshold);
  }
  if (read.compared) {
    e.compared_scores = detector_scores(*read.compared);
    e.comparison = compare_detectors({e.scores.bona_fide, e.scores.spoof},
                                     {e.compared_scores->bona_fide, e.compared_scores->spoof},
                                     detector, e.scores.speakers, options.threshold);
  }
  detector.resamples = 0;
  for (const std::string& by : options.by) {
    e.breakdowns.push_back({by, evaluate_by(trials, trials.factor(by), detector)});
  }
  if (options.cross && options.by.size() == 2) {
    e.cross = eer_grid("EER", options.by,
                       cross_eers(trials, trials.factor(options.by[0]),
                                  trials.factor(options.by[1]), detector.eer));
  }
  return e;
}

std::string decisions_text(const Decisions& d) {
  return fmt::format(
      "\nAt threshold {:.6g}: accuracy {:.4f} %, balanced {:.4f} %, bona fide rejected {:.4f} %, "
      "spoof accepted (1-SRR) {:.4f} %\n",
      d.threshold, 100 * d.accuracy(), 100 * d.balanced_accuracy().value(), 100 * d.miss().value(),
      100 * d.false_alarm().value());
}

void print(const MetricsOptions& options, const MetricsContext& context, const Evaluation& e,
           size_t left_out) {
  fmt::print("{}: {} bona fide, {} spoof\n\n{}", context.name, e.result.bona_fide, e.result.spoof,
             detector_text(e.result));
  if (e.decisions) fmt::print("{}", decisions_text(*e.decisions));
  for (const std::string& warning : e.result.warnings) fmt::print("\nwarning: {}\n", warning);
  print_left_out(left_out);
  if (e.comparison) {
    fmt::print("\nCompared with {}\n{}", printable(options.compare),
               comparison_text(*e.comparison));
  }
  for (const Breakdown& b : e.breakdowns) {
    fmt::print("\n{}{}", breakdown_text(b.factor, b.rows), breakdown_warnings(b, e.result));
  }
  if (e.cross) fmt::print("\n{}\n{}", e.cross->caption, grid_text(*e.cross));
  if (e.cross) {
    for (const std::string& warning : e.cross->warnings) fmt::print("\nwarning: {}\n", warning);
  }
}

Json breakdown_json(const std::vector<ConditionResult>& rows) {
  Json json = Json::object();
  for (const ConditionResult& row : rows) {
    json[printable(row.value)] = row.to_json();
  }
  return json;
}

Json to_json(const MetricsOptions& options, const MetricsContext& context, const Evaluation& e) {
  Json json = context.json;
  json["metrics"] = e.result.to_json();
  if (e.decisions) json["decisions"] = e.decisions->to_json();
  if (e.comparison) {
    json["comparison"] = e.comparison->to_json();
    json["comparison"]["with"] = printable(options.compare);
  }
  for (const Breakdown& b : e.breakdowns) json["by"][b.factor] = breakdown_json(b.rows);
  if (e.cross) json["cross"] = grid_json(*e.cross);
  return json;
}

std::string det_svg(const MetricsOptions& options, const Evaluation& e) {
  const Ranking ranking(e.scores.bona_fide, e.scores.spoof);
  if (!e.compared_scores) return det_plot({{"", &ranking, e.result.eer.value}});
  const Ranking compared(e.compared_scores->bona_fide, e.compared_scores->spoof);
  const auto name = [](const std::string& path) {
    return printable(std::filesystem::path(path).filename().string(), 40);
  };
  return det_plot(
      {{name(options.scores), &ranking, e.result.eer.value},
       {name(options.compare), &compared, equal_error_rate(e.result.variant, compared).value}});
}

void write_plots(const MetricsOptions& options, const Evaluation& e) {
  const std::filesystem::path folder = options.plots;
  std::filesystem::create_directories(folder);
  write_atomically(folder / "det.svg", det_svg(options, e));
  write_atomically(folder / "histogram.svg",
                   score_histogram(e.scores.bona_fide, e.scores.spoof, e.result.eer_threshold));
  write_atomically(folder / "tippett.svg", tippett_plot(e.scores.bona_fide, e.scores.spoof));
  write_atomically(folder / "reliability.svg",
                   reliability_plot(e.scores.bona_fide, e.scores.spoof));
  for (const Breakdown& b : e.breakdowns) {
    write_atomically(folder / fmt::format("by_{}.svg", file_part(b.factor)),
                     breakdown_bars(b, e.result));
  }
}

void write_tables(const MetricsOptions& options, const Evaluation& e) {
  const std::filesystem::path folder = options.tables;
  std::filesystem::create_directories(folder);
  const auto write = [&](const std::string& name, const std::string& csv,
                         const std::string& latex) {
    write_atomically(folder / (name + ".csv"), csv);
    write_atomically(folder / (name + ".tex"), latex);
  };
  write("figures", figures_csv(e.result), latex_table(detector_html(e.result)));
  for (const Breakdown& b : e.breakdowns) {
    write("by_" + file_part(b.factor), breakdown_csv(b.factor, b.rows),
          latex_table(breakdown_html(b.factor, b.rows)));
  }
  if (e.cross) {
    write(fmt::format("{}_by_{}", file_part(options.by[0]), file_part(options.by[1])),
          grid_csv(*e.cross), latex_table(grid_html(*e.cross)));
  }
}

std::string page_text(const MetricsOptions& options, const MetricsContext& context,
                      const Evaluation& e) {
  DetectorPage page{.title = context.title,
                    .unit = context.unit,
                    .result = e.result,
                    .bona_fide = e.scores.bona_fide,
                    .spoof = e.scores.spoof,
                    .warnings = context.warnings};
  if (e.decisions) page.notes.push_back(decisions_text(*e.decisions));
  page.breakdowns = e.breakdowns;
  if (e.cross) {
    page.sections.push_back(
        {fmt::format("{} by {}", options.by[0], options.by[1]), {grid_html(*e.cross)}, {}});
  }
  if (e.comparison) {
    page.sections.push_back({fmt::format("Compared with {}", printable(options.compare)),
                             {comparison_html(*e.comparison)},
                             {{"Both systems on the same trials.", det_svg(options, e)}}});
  }
  page.sections.insert(page.sections.end(), context.sections.begin(), context.sections.end());
  page.run_card = context.run_card;
  return detector_page(page);
}

}  // namespace

Json run_detector_metrics(const MetricsOptions& options, const MetricsTrials& read,
                          const MetricsContext& context) {
  const Evaluation evaluation = evaluate(options, read);
  print(options, context, evaluation, read.trials.left_out);
  if (!options.plots.empty()) write_plots(options, evaluation);
  if (!options.tables.empty()) write_tables(options, evaluation);
  if (!options.report.empty()) {
    write_atomically(options.report, page_text(options, context, evaluation));
  }
  return to_json(options, context, evaluation);
}

}  // namespace bonafide
