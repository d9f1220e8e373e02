#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <memory>

#include "base/error.h"
#include "base/file.h"
#include "base/json_value.h"
#include "base/output_path.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/metrics_modes.h"
#include "cli/official_report.h"
#include "cli/say.h"

namespace bonafide {

namespace {

std::string official_json(const MetricsOptions& options, const OfficialReport& report) {
  Json json = metrics_json(options);
  json["corpus"] = options.corpus;
  json.update(report.figures);
  json["warnings"] = report.warnings;
  return json.dump(2) + "\n";
}

int run_official(const MetricsOptions& options) {
  refuse_options("official reports", {{"--compare", !options.compare.empty()},
                                      {"--threshold", options.threshold.has_value()},
                                      {"--where", !options.where.empty()},
                                      {"--target-only", !options.target_only.empty()},
                                      {"--partial", options.partial},
                                      {"--bonafide-label", options.bonafide_label >= 0},
                                      {"--resampling", options.resampling.has_value()},
                                      {"--seed", options.seed.has_value()},
                                      {"--eer", !options.eer.empty()},
                                      {"--by", !options.by.empty()},
                                      {"--bootstrap", options.resamples > 0},
                                      {"--plots", !options.plots.empty()},
                                      {"--tables", !options.tables.empty()},
                                      {"--report", !options.report.empty()}});
  const std::string_view corpus = options.corpus;
  const bool of_2019 = corpus == "asvspoof2019-la";
  const bool of_2021 = corpus.starts_with("asvspoof2021");
  const bool cm_only = corpus == "asvspoof2021-df" || corpus == "asvspoof5-track1";
  refuse_options("this corpus", {{"--key", of_2019 && !options.key.empty()},
                                 {"--asv-scores", cm_only && !options.asv_scores.empty()},
                                 {"--asv-key", (cm_only || !of_2021) && !options.asv_key.empty()},
                                 {"--subset", !of_2021 && !options.subset.empty()}});
  const OfficialReport report =
      official_report({.corpus = options.corpus,
                       .scores = options.scores,
                       .key = options.key,
                       .asv_scores = options.asv_scores,
                       .asv_key = options.asv_key,
                       .subset = options.subset.empty() ? "eval" : options.subset,
                       .official = options.official});
  fmt::print("{}", report.text);
  // Beside the text, which is the package's own.
  for (const std::string& warning : report.warnings) say("warning: {}\n", warning);
  if (!options.json.empty()) write_atomically(options.json, official_json(options, report));
  return 0;
}

void expect_inputs_stay(const MetricsOptions& o) {
  const std::array inputs = {o.scores,  o.key,         o.compare, o.asv_scores,
                             o.asv_key, o.target_only, o.rttm};
  for (const std::string& output : {o.json, o.report}) expect_no_input("metrics", output, inputs);
}

int run(const MetricsOptions& options) {
  expect_inputs_stay(options);
  if (options.threshold && !std::isfinite(*options.threshold)) {
    throw UsageError("--threshold: wants a finite number");
  }
  if (!options.rttm.empty()) return run_localisation_metrics(options);
  refuse_options("figures without --rttm", {{"--frame", options.frame.has_value()},
                                            {"--score-column", options.score_column.has_value()}});
  if (!options.corpus.empty()) return run_official(options);
  if (options.by.size() > 2) throw UsageError("--by: one factor, or two to cross");
  if (!options.eer.empty()) parse_eer_variant(options.eer);  // before long files are read
  parse_resampling(options.resampling.value_or("plain"));
  refuse_options("figures without --asv-scores",
                 {{"--asv-key", options.asv_scores.empty() && !options.asv_key.empty()}});
  if (drawn_resamples(options) == 0) {
    refuse_options(
        "figures without --bootstrap or --compare",
        {{"--resampling", options.resampling.has_value()}, {"--seed", options.seed.has_value()}});
  }
  const MetricsTrials read = read_metrics_trials(options);
  const TrialKind kind = kind_of(read.trials, options);
  if (kind == TrialKind::kOneClass) return run_one_class_metrics(options, read);
  const auto figures = kind == TrialKind::kVerification ? run_sasv_metrics : run_detector_metrics;
  const Json json = figures(options, read, context_of(options));
  if (!options.json.empty()) write_atomically(options.json, json.dump(2) + "\n");
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
  app.add_option("--asv-scores", o.asv_scores,
                 "ASV scores with keys, or with --asv-key, for the t-DCF");
  app.add_option("--corpus", o.corpus,
                 "print what the official package prints: asvspoof2019-la, asvspoof2021-la|df|pa, "
                 "asvspoof5-track1|track2");
  app.add_option("--asv-key", o.asv_key, "key of the ASV scores, if they do not say it themselves");
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
  app.add_option("--frame", o.frame,
                 fmt::format("seconds a frame, with --rttm (default {})", kFrameSeconds));
  app.add_option("--score-column", o.score_column,
                 fmt::format("column of the score, with --rttm (default {})", kScoreColumn));
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
