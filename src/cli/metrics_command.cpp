#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <memory>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/metrics_modes.h"
#include "cli/metrics_trials.h"
#include "cli/official_report.h"
#include "metrics/asv_scores.h"
#include "metrics/comparison.h"
#include "metrics/decisions.h"
#include "metrics/detector_trials.h"
#include "metrics/sasv_result.h"
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

DetectorOptions detector_options(const MetricsOptions& options) {
  DetectorOptions detector;
  if (!options.eer.empty()) detector.eer = parse_eer_variant(options.eer);
  if (!options.asv_scores.empty()) detector.asv = read_asv_rates(options.asv_scores);
  detector.official = options.official;
  detector.resamples = options.resamples;
  detector.resampling = parse_resampling(options.resampling);
  detector.seed = options.seed;
  return detector;
}

Evaluation evaluate(const MetricsOptions& options, DetectorOptions detector,
                    const MetricsTrials& read) {
  const Trials& trials = read.trials;
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
  if (options.by.size() == 2) {
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

void print(const MetricsOptions& options, const Evaluation& e, size_t left_out) {
  fmt::print("{}: {} bona fide, {} spoof\n\n{}", printable(options.scores), e.result.bona_fide,
             e.result.spoof, detector_text(e.result));
  if (e.decisions) fmt::print("{}", decisions_text(*e.decisions));
  for (const std::string& warning : e.result.warnings) fmt::print("\nwarning: {}\n", warning);
  if (left_out > 0) {
    fmt::print("\nwarning: {} trials or scores without a partner were left out\n", left_out);
  }
  if (e.comparison) {
    fmt::print("\nCompared with {}\n{}", printable(options.compare),
               comparison_text(*e.comparison));
  }
  for (const Breakdown& b : e.breakdowns) fmt::print("\n{}", breakdown_text(b.factor, b.rows));
  if (e.cross) fmt::print("\n{}\n{}", e.cross->caption, grid_text(*e.cross));
}

Json breakdown_json(const std::vector<ConditionResult>& rows) {
  Json json = Json::object();
  for (const ConditionResult& row : rows) {
    json[printable(row.value)] =
        row.result ? row.result->to_json()
                   : Json{{"bona_fide_trials", row.bona_fide}, {"spoof_trials", row.spoof}};
  }
  return json;
}

Json to_json(const MetricsOptions& options, const Evaluation& e) {
  Json json = metrics_json(options);
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
  if (!e.compared_scores) return det_plot({{"", &ranking}});
  const Ranking compared(e.compared_scores->bona_fide, e.compared_scores->spoof);
  const auto name = [](const std::string& path) {
    return printable(std::filesystem::path(path).filename().string(), 40);
  };
  return det_plot({{name(options.scores), &ranking}, {name(options.compare), &compared}});
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
          grid_csv(*e.cross), grid_latex(*e.cross, /*colours=*/false));
  }
}

std::string page_text(const MetricsOptions& options, const Evaluation& e) {
  DetectorPage page{.title = fmt::format("Scores of {}",
                                         std::filesystem::path(options.scores).filename().string()),
                    .result = e.result,
                    .bona_fide = e.scores.bona_fide,
                    .spoof = e.scores.spoof};
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
  page.run_card = metrics_run_card(options);
  return detector_page(page);
}

int run_official(const MetricsOptions& options) {
  refuse_options("official reports", {{"--compare", !options.compare.empty()},
                                      {"--threshold", options.threshold.has_value()},
                                      {"--where", !options.where.empty()},
                                      {"--target-only", !options.target_only.empty()},
                                      {"--partial", options.partial},
                                      {"--eer", !options.eer.empty()},
                                      {"--by", !options.by.empty()},
                                      {"--bootstrap", options.resamples > 0},
                                      {"--json", !options.json.empty()},
                                      {"--plots", !options.plots.empty()},
                                      {"--tables", !options.tables.empty()},
                                      {"--report", !options.report.empty()}});
  fmt::print("{}", official_report({.corpus = options.corpus,
                                    .scores = options.scores,
                                    .key = options.key,
                                    .asv_scores = options.asv_scores,
                                    .asv_key = options.asv_key,
                                    .subset = options.subset.empty() ? "eval" : options.subset,
                                    .official = options.official}));
  return 0;
}

bool lacks_a_class(const Trials& trials) {
  const auto bona_fide = std::count_if(trials.classes.begin(), trials.classes.end(), is_bona_fide);
  return bona_fide == 0 || bona_fide == static_cast<std::ptrdiff_t>(trials.size());
}

int run(const MetricsOptions& options) {
  if (!options.rttm.empty()) return run_localisation_metrics(options);
  if (!options.corpus.empty()) return run_official(options);
  if (options.by.size() > 2) throw UsageError("--by: one factor, or two to cross");
  const DetectorOptions detector = detector_options(options);
  const MetricsTrials read = read_metrics_trials(options);
  if (are_verification_trials(read.trials)) return run_sasv_metrics(options, read);
  if (lacks_a_class(read.trials)) return run_one_class_metrics(options, read.trials);
  const Evaluation evaluation = evaluate(options, detector, read);
  print(options, evaluation, read.trials.left_out);
  if (!options.json.empty()) {
    write_atomically(options.json, to_json(options, evaluation).dump(2) + "\n");
  }
  if (!options.plots.empty()) write_plots(options, evaluation);
  if (!options.tables.empty()) write_tables(options, evaluation);
  if (!options.report.empty()) write_atomically(options.report, page_text(options, evaluation));
  return 0;
}

std::string variant_names() {
  std::vector<std::string_view> names;
  for (const NamedEerVariant& entry : eer_variants()) names.push_back(entry.name);
  return fmt::format("{}", fmt::join(names, "|"));
}

void add_input_options(CLI::App& app, MetricsOptions& o) {
  app.add_option("scores", o.scores, "score file of any dialect; higher = more bona fide")
      ->required();
  app.add_option("--key", o.key, "key, protocol or manifest that says what each trial is");
  app.add_option("--compare", o.compare, "score file of another system for the same trials");
  app.add_option("--asv-scores", o.asv_scores, "ASV scores with keys, for the t-DCF");
  app.add_option("--corpus", o.corpus,
                 "print what the official package prints: asvspoof2019-la, asvspoof2021-la|df|pa, "
                 "asvspoof5-track1|track2");
  app.add_option("--asv-key", o.asv_key, "key of the ASV scores (ASVspoof 2021)");
  app.add_option("--subset", o.subset, "only the trials of this subset (eval, progress, hidden)");
  app.add_option("--where", o.where,
                 "only trials with these values, COLUMN=VALUE[,VALUE...]; may be repeated. An "
                 "attack leaves all bona fide trials in")
      ->allow_extra_args(false);
  app.add_option("--target-only", o.target_only,
                 "ASV protocol: only utterances with the key target or spoof there");
  app.add_flag("--partial", o.partial, "leave out trials that lack a score or a label");
  app.add_option("--bonafide-label", o.bonafide_label, "which number is bona fide in the labels")
      ->check(CLI::Range(0, 1));
  app.add_option("--rttm", o.rttm,
                 "spans of bona fide and spoofed speech: the scores are lines \"recording frame "
                 "score\", or what `bonafide score --segments --format jsonl` wrote, and the "
                 "figures those of localisation");
  app.add_option("--frame", o.frame, "seconds a frame, with --rttm")->capture_default_str();
  app.add_option("--score-column", o.score_column, "column of the score, with --rttm")
      ->capture_default_str();
}

void add_output_options(CLI::App& app, MetricsOptions& o) {
  app.add_option("--by", o.by, "columns to break down by; two are crossed as well")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--eer", o.eer,
                 variant_names() + " (default det; brentq for verification trials)");
  app.add_option("--threshold", o.threshold,
                 "also accuracy and error rates of this threshold; scores at it are accepted");
  app.add_flag("--official", o.official, "repeat the official tools also where they err");
  app.add_option("--bootstrap", o.resamples, "resamples for 95 % intervals")
      ->check(CLI::Range(size_t{0}, size_t{1000000}));
  app.add_option("--resampling", o.resampling,
                 "plain|stratified|speaker|joint (default plain); joint: by the claimed speaker "
                 "and the one who speaks");
  app.add_option("--seed", o.seed, "of the resamples");
  app.add_option("--json", o.json, "write every figure in full precision");
  app.add_option("--plots", o.plots, "folder for SVG plots");
  app.add_option("--tables", o.tables, "folder for tables in CSV and LaTeX");
  app.add_option("--report", o.report, "write one HTML page with figures and plots");
}

// What to type to have the same again.
std::string command_line(const CLI::App& app) {
  std::string text = "bonafide metrics";
  for (const CLI::Option* option : app.get_options()) {
    if (option->count() == 0) continue;
    const std::string name = option->get_positional() ? "" : " " + option->get_name();
    if (option->get_expected_max() == 0) {
      text += name;
    } else if (option->get_delimiter() != '\0') {
      text += fmt::format("{} {}", name,
                          printable(fmt::format("{}", fmt::join(option->results(), ","))));
    } else {
      for (const std::string& value : option->results()) {
        text += fmt::format("{} {}", name, printable(value));
      }
    }
  }
  return text;
}

}  // namespace

std::function<int()> declare_metrics(CLI::App& app) {
  const auto o = std::make_shared<MetricsOptions>();
  add_input_options(app, *o);
  add_output_options(app, *o);
  app.footer(
      "Examples:\n"
      "  bonafide metrics scores.csv --key ASVspoof2019.LA.cm.eval.trl.txt --by attack\n"
      "  bonafide metrics scores.txt --key keys/LA/CM/trial_metadata.txt --by attack,codec\n"
      "  bonafide metrics a.csv --compare b.csv --key key.csv --bootstrap 1000\n"
      "  bonafide metrics cm.txt --asv-scores asv.txt --bootstrap 1000 --report report.html");
  return [o, &app] {
    o->command_line = command_line(app);
    o->started = fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(std::time(nullptr)));
    return run(*o);
  };
}

}  // namespace bonafide
