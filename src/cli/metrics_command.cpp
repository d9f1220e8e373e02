#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>

#include "base/digest.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "base/version.h"
#include "cli/commands.h"
#include "cli/official_report.h"
#include "metrics/detector_trials.h"
#include "metrics/sasv_result.h"
#include "report/detector_text.h"
#include "report/grid.h"
#include "report/html.h"
#include "report/plots.h"

namespace bonafide {

namespace {

struct Options {
  std::string scores;
  std::string key;
  std::string asv_scores;
  std::string asv_key;
  std::string corpus;
  std::string subset;
  std::vector<std::string> by;
  std::string eer = "det";
  bool official = false;
  bool partial = false;
  int bonafide_label = -1;
  size_t resamples = 0;
  std::string resampling = "plain";
  uint64_t seed = 0;
  std::string json;
  std::string plots;
  std::string report;
};

struct Evaluation {
  Trials trials;
  DetectorScores scores;
  DetectorResult result;
};

std::optional<AsvRates> asv_rates(const std::string& path) {
  if (path.empty()) return std::nullopt;
  const Trials asv = labelled_trials(TrialTable::read(path));
  const auto of = [&](TrialClass wanted) {
    return scores_of(asv, asv.cm_scores, [&](TrialClass c) { return c == wanted; });
  };
  const auto target = of(TrialClass::kTarget);
  const auto nontarget = of(TrialClass::kNontarget);
  const auto spoof = of(TrialClass::kSpoof);
  return asv_operating_point({target, nontarget, spoof});
}

Trials read_trials(const Options& options) {
  TableOptions table;
  table.factors = options.by;
  if (options.resampling == "speaker") table.factors.push_back("speaker");
  if (!options.subset.empty()) table.factors.push_back("subset");
  if (options.bonafide_label >= 0) table.numeric_bona_fide = options.bonafide_label;
  table.official = options.official;
  table.missing_scores_allowed = options.partial;
  const TrialTable scores = TrialTable::read(options.scores, table);
  if (!scores.has_scores()) {
    throw UsageError(fmt::format("{}: has no scores", printable(scores.name())));
  }
  Trials trials = options.key.empty()
                      ? labelled_trials(scores)
                      : join(scores, TrialTable::read(options.key, table), {options.partial});
  if (options.partial && !trials.cm_scores.empty()) {
    trials = trials.filter([&](size_t i) { return !std::isnan(trials.cm_scores[i]); });
  }
  if (!options.subset.empty()) {
    const Factor& subset = trials.factor("subset");
    trials = trials.filter([&](size_t i) { return subset.value(i) == options.subset; });
  }
  return trials;
}

void print_summary(const Options& options, const Evaluation& evaluation) {
  const DetectorResult& result = evaluation.result;
  fmt::print("{}: {} bona fide, {} spoof\n\n{}", printable(options.scores), result.bona_fide,
             result.spoof, detector_text(result));
  for (const std::string& warning : result.warnings) fmt::print("\nwarning: {}\n", warning);
  if (evaluation.trials.left_out > 0) {
    fmt::print("\nwarning: {} trials or scores without a partner were left out\n",
               evaluation.trials.left_out);
  }
}

Grid eer_grid(const CrossTable& table, const std::vector<std::string>& by) {
  Grid grid{fmt::format("EER (%), {} by {}", by[0], by[1]), table.columns, table.rows, table.values,
            2};
  for (auto& row : grid.values) {
    for (double& value : row) value *= 100;
  }
  return grid;
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

std::vector<std::pair<std::string, std::string>> run_card(const Options& options) {
  std::vector<std::pair<std::string, std::string>> card = {{"bonafide", kVersion}};
  for (const auto& [role, path] : {std::pair("scores", options.scores),
                                   {"key", options.key},
                                   {"ASV scores", options.asv_scores}}) {
    if (path.empty()) continue;
    card.emplace_back(role, fmt::format("{} (SHA-256 {})", printable(path), sha256_of_file(path)));
  }
  if (options.resamples > 0) {
    card.emplace_back("intervals",
                      fmt::format("{} {} bootstrap resamples, seed {}", options.resamples,
                                  options.resampling, options.seed));
  }
  return card;
}

std::string det_svg(const Evaluation& evaluation) {
  const Ranking ranking(evaluation.scores.bona_fide, evaluation.scores.spoof);
  return det_plot({{"", &ranking}});
}

std::string histogram_svg(const Evaluation& evaluation) {
  return score_histogram(evaluation.scores.bona_fide, evaluation.scores.spoof,
                         evaluation.result.eer_threshold);
}

std::string html(const Options& options, const Evaluation& evaluation,
                 const std::vector<std::pair<std::string, HtmlTable>>& breakdowns) {
  const DetectorResult& result = evaluation.result;
  HtmlReport page(
      fmt::format("Scores of {}", std::filesystem::path(options.scores).filename().string()));
  page.add_figure_of_merit("EER", fmt::format("{:.2f} %", 100 * result.eer.value),
                           interval_text(result.eer, 100, 2));
  page.add_figure_of_merit("minDCF", fmt::format("{:.4f}", result.min_dcf.value),
                           interval_text(result.min_dcf, 1, 4));
  page.add_paragraph(
      fmt::format("{} bona fide and {} spoof trials.", result.bona_fide, result.spoof));
  for (const std::string& warning : result.warnings) page.add_warning(warning);
  page.add_table(detector_html(result));
  page.add_figure("Detection error trade-off; the dot is the equal error rate.",
                  det_svg(evaluation));
  page.add_figure("Scores of both classes.", histogram_svg(evaluation));
  for (const auto& [heading, table] : breakdowns) {
    page.add_heading(heading);
    page.add_table(table);
  }
  page.add_heading("How this was made");
  page.add_run_card(run_card(options));
  return page.text();
}

DetectorOptions detector_options(const Options& options) {
  DetectorOptions detector;
  detector.eer = parse_eer_variant(options.eer);
  detector.asv = asv_rates(options.asv_scores);
  detector.official = options.official;
  detector.resamples = options.resamples;
  detector.resampling = parse_resampling(options.resampling);
  detector.seed = options.seed;
  return detector;
}

int run_official(const Options& options) {
  fmt::print("{}", official_report({.corpus = options.corpus,
                                    .scores = options.scores,
                                    .key = options.key,
                                    .asv_scores = options.asv_scores,
                                    .asv_key = options.asv_key,
                                    .subset = options.subset.empty() ? "eval" : options.subset,
                                    .official = options.official}));
  return 0;
}

// Trials with target and nontarget speakers: the figures of the single score.
int run_sasv(const Options& options, const Trials& trials) {
  const SasvResult result = evaluate_sasv(trials, options.official);
  fmt::print("{}: {} target, {} nontarget, {} spoof\n\n{}", printable(options.scores),
             result.target, result.nontarget, result.spoof, result.text());
  if (!options.json.empty()) {
    const Json json = {{"version", kVersion},
                       {"scores", printable(options.scores)},
                       {"sha256", sha256_of_file(options.scores)},
                       {"metrics", result.to_json()}};
    write_atomically(options.json, json.dump(2) + "\n");
  }
  return 0;
}

int run(const Options& options) {
  if (!options.corpus.empty()) return run_official(options);
  if (options.by.size() > 2) throw UsageError("--by: one factor, or two to cross");
  DetectorOptions detector = detector_options(options);
  Evaluation evaluation{read_trials(options), {}, {}};
  if (are_verification_trials(evaluation.trials)) return run_sasv(options, evaluation.trials);
  evaluation.scores = detector_scores(evaluation.trials);
  evaluation.result = evaluate_detector(evaluation.scores.bona_fide, evaluation.scores.spoof,
                                        detector, evaluation.scores.speakers);
  print_summary(options, evaluation);

  Json json = {{"version", kVersion}, {"scores", printable(options.scores)}};
  if (!options.json.empty()) json["sha256"] = sha256_of_file(options.scores);
  json["metrics"] = evaluation.result.to_json();
  std::vector<std::pair<std::string, HtmlTable>> breakdowns;
  detector.resamples = 0;
  for (const std::string& by : options.by) {
    const auto rows = evaluate_by(evaluation.trials, evaluation.trials.factor(by), detector);
    fmt::print("\n{}", breakdown_text(by, rows));
    json["by"][by] = breakdown_json(rows);
    breakdowns.emplace_back(fmt::format("By {}", by), breakdown_html(by, rows));
  }
  if (options.by.size() == 2) {
    const Grid grid =
        eer_grid(cross_eers(evaluation.trials, evaluation.trials.factor(options.by[0]),
                            evaluation.trials.factor(options.by[1]), detector.eer),
                 options.by);
    fmt::print("\n{}\n{}", grid.caption, grid_text(grid));
    json["cross"] = grid_json(grid);
  }
  if (!options.json.empty()) write_atomically(options.json, json.dump(2) + "\n");
  if (!options.plots.empty()) {
    std::filesystem::create_directories(options.plots);
    write_atomically(std::filesystem::path(options.plots) / "det.svg", det_svg(evaluation));
    write_atomically(std::filesystem::path(options.plots) / "histogram.svg",
                     histogram_svg(evaluation));
  }
  if (!options.report.empty()) {
    write_atomically(options.report, html(options, evaluation, breakdowns));
  }
  return 0;
}

std::string variant_names() {
  std::vector<std::string_view> names;
  for (const NamedEerVariant& entry : eer_variants()) names.push_back(entry.name);
  return fmt::format("{}", fmt::join(names, "|"));
}

}  // namespace

std::function<int()> declare_metrics(CLI::App& app) {
  const auto o = std::make_shared<Options>();
  app.add_option("scores", o->scores, "score file of any dialect; higher = more bona fide")
      ->required();
  app.add_option("--key", o->key, "key, protocol or manifest that says what each trial is");
  app.add_option("--asv-scores", o->asv_scores, "ASV scores with keys, for the t-DCF");
  app.add_option("--corpus", o->corpus,
                 "print what the official package prints: asvspoof2019-la, asvspoof2021-la|df|pa, "
                 "asvspoof5-track1|track2");
  app.add_option("--asv-key", o->asv_key, "key of the ASV scores (ASVspoof 2021)");
  app.add_option("--subset", o->subset, "only the trials of this subset (eval, progress, hidden)");
  app.add_option("--by", o->by, "columns to break down by; two are crossed as well")
      ->delimiter(',');
  app.add_option("--eer", o->eer, variant_names() + " (default det)");
  app.add_flag("--official", o->official, "repeat the official tools also where they err");
  app.add_flag("--partial", o->partial, "leave out trials that lack a score or a label");
  app.add_option("--bonafide-label", o->bonafide_label, "which number is bona fide in the labels")
      ->check(CLI::Range(0, 1));
  app.add_option("--bootstrap", o->resamples, "resamples for 95 % intervals")
      ->check(CLI::Range(size_t{0}, size_t{1000000}));
  app.add_option("--resampling", o->resampling, "plain|stratified|speaker (default plain)");
  app.add_option("--seed", o->seed, "of the resamples");
  app.add_option("--json", o->json, "write every figure in full precision");
  app.add_option("--plots", o->plots, "folder for SVG plots");
  app.add_option("--report", o->report, "write one HTML page with figures and plots");
  app.footer(
      "Examples:\n"
      "  bonafide metrics scores.csv --key ASVspoof2019.LA.cm.eval.trl.txt --by attack\n"
      "  bonafide metrics scores.txt --key keys/LA/CM/trial_metadata.txt --by attack,codec\n"
      "  bonafide metrics cm.txt --asv-scores asv.txt --bootstrap 1000 --report report.html");
  return [o] { return run(*o); };
}

}  // namespace bonafide
