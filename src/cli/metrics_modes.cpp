#include "cli/metrics_modes.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/digest.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "base/version.h"
#include "metrics/breakdown.h"
#include "metrics/decisions.h"
#include "metrics/detector_trials.h"
#include "metrics/localisation.h"
#include "metrics/sasv_result.h"
#include "report/html.h"

namespace bonafide {

namespace {

SasvOptions sasv_options(const MetricsOptions& options) {
  SasvOptions sasv;
  if (!options.eer.empty()) sasv.eer = parse_eer_variant(options.eer);
  sasv.official = options.official;
  sasv.resamples = options.resamples;
  sasv.resampling = parse_resampling(options.resampling);
  sasv.seed = options.seed;
  return sasv;
}

HtmlTable sasv_breakdown(const std::string& factor, const std::vector<SasvCondition>& rows) {
  HtmlTable table{
      "", {factor, "target", "nontarget", "spoof", "SASV-EER %", "SPF-EER %", "a-DCF"}, {}};
  for (const SasvCondition& row : rows) {
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

void write_sasv_page(const MetricsOptions& options, const SasvResult& result,
                     const std::vector<HtmlTable>& breakdowns) {
  HtmlReport page(
      fmt::format("Scores of {}", std::filesystem::path(options.scores).filename().string()));
  page.add_figure_of_merit("SASV-EER", fmt::format("{:.2f} %", 100 * result.eers.sasv), "");
  page.add_figure_of_merit("a-DCF", fmt::format("{:.4f}", result.asvspoof5.value), "ASVspoof 5");
  page.add_paragraph(fmt::format("{} target, {} nontarget and {} spoofed trials.", result.target,
                                 result.nontarget, result.spoof));
  HtmlTable figures{"", {"figure", "value", ""}, {}};
  for (const auto& row : result.rows()) figures.rows.push_back({row.name, row.value, row.note});
  page.add_table(figures);
  for (const HtmlTable& table : breakdowns) {
    page.add_heading(fmt::format("By {}", table.columns[0]));
    page.add_table(table);
  }
  page.add_heading("How this was made");
  page.add_run_card(metrics_run_card(options));
  write_atomically(options.report, page.text());
}

std::string percent(const std::optional<double>& rate) {
  return rate ? fmt::format("{:.4f}", 100 * *rate) : "-";
}

}  // namespace

void refuse_options(std::string_view trials,
                    std::initializer_list<std::pair<std::string_view, bool>> options) {
  for (const auto& [name, given] : options) {
    if (given) throw UsageError(fmt::format("{}: has no meaning for {}", name, trials));
  }
}

Json metrics_json(const MetricsOptions& options) {
  Json json = {{"version", kVersion}, {"scores", printable(options.scores)}};
  if (!options.json.empty()) json["sha256"] = sha256_of_file(options.scores);
  return json;
}

std::vector<std::pair<std::string, std::string>> metrics_run_card(const MetricsOptions& options) {
  std::vector<std::pair<std::string, std::string>> card = {
      {"bonafide", kVersion}, {"command", options.command_line}, {"time", options.started}};
  for (const auto& [role, path] : {std::pair("scores", options.scores),
                                   {"compared with", options.compare},
                                   {"key", options.key},
                                   {"ASV scores", options.asv_scores},
                                   {"target-only protocol", options.target_only}}) {
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

int run_sasv_metrics(const MetricsOptions& options, const Trials& trials) {
  refuse_options("trials of targets and nontargets",
                 {{"--compare", !options.compare.empty()},
                  {"--threshold", options.threshold.has_value()},
                  {"--plots", !options.plots.empty()},
                  {"--tables", !options.tables.empty()}});
  SasvOptions sasv = sasv_options(options);
  const SasvResult result = evaluate_sasv(trials, sasv);
  fmt::print("{}: {} target, {} nontarget, {} spoof\n\n{}", printable(options.scores),
             result.target, result.nontarget, result.spoof, result.text());
  Json json = metrics_json(options);
  json["metrics"] = result.to_json();
  std::vector<HtmlTable> breakdowns;
  sasv.resamples = 0;
  for (const std::string& by : options.by) {
    const auto rows = evaluate_sasv_by(trials, trials.factor(by), sasv);
    breakdowns.push_back(sasv_breakdown(by, rows));
    fmt::print("\n{}", columns(breakdowns.back()));
    for (const SasvCondition& row : rows) {
      json["by"][by][printable(row.value)] = row.result ? row.result->to_json() : Json();
    }
  }
  if (!options.json.empty()) write_atomically(options.json, json.dump(2) + "\n");
  if (!options.report.empty()) write_sasv_page(options, result, breakdowns);
  return 0;
}

int run_one_class_metrics(const MetricsOptions& options, const Trials& trials) {
  const DetectorScores scores = detector_scores(trials);
  const bool spoof_only = scores.bona_fide.empty();
  if (!options.threshold) {
    throw UsageError(
        fmt::format("{}: no {} trials, and so no equal error rate; --threshold T says how many of "
                    "the others a threshold accepts",
                    printable(options.scores), spoof_only ? "bona fide" : "spoof"));
  }
  refuse_options("trials of one class", {{"--compare", !options.compare.empty()},
                                         {"--bootstrap", options.resamples > 0},
                                         {"--plots", !options.plots.empty()},
                                         {"--tables", !options.tables.empty()},
                                         {"--report", !options.report.empty()}});
  const auto rate = [&](const Decisions& d) { return spoof_only ? d.false_alarm() : d.miss(); };
  const Decisions pooled = decide(scores.bona_fide, scores.spoof, *options.threshold);
  fmt::print("{}: {} bona fide, {} spoof\n\n{} %  {:>12}  at threshold {:.6g}\n",
             printable(options.scores), pooled.bona_fide, pooled.spoof,
             spoof_only ? "spoof accepted, 1-SRR" : "bona fide rejected", percent(rate(pooled)),
             *options.threshold);
  Json json = metrics_json(options);
  json["decisions"] = pooled.to_json();
  for (const std::string& by : options.by) {
    const Factor& factor = trials.factor(by);
    fmt::print("\n{:<24}{:>10}{:>12}\n", by, "trials", "%");
    for (const Condition& condition : conditions(trials, factor)) {
      const DetectorScores part = detector_scores(trials, {{&factor, &condition}});
      const Decisions d = decide(part.bona_fide, part.spoof, *options.threshold);
      fmt::print("{:<24}{:>10}{:>12}\n", printable(condition.value, 40), d.bona_fide + d.spoof,
                 percent(rate(d)));
      json["by"][by][printable(condition.value)] = d.to_json();
    }
  }
  if (!options.json.empty()) write_atomically(options.json, json.dump(2) + "\n");
  return 0;
}

int run_localisation_metrics(const MetricsOptions& options) {
  refuse_options("scores of frames", {{"--corpus", !options.corpus.empty()},
                                      {"--key", !options.key.empty()},
                                      {"--compare", !options.compare.empty()},
                                      {"--threshold", options.threshold.has_value()},
                                      {"--asv-scores", !options.asv_scores.empty()},
                                      {"--subset", !options.subset.empty()},
                                      {"--where", !options.where.empty()},
                                      {"--target-only", !options.target_only.empty()},
                                      {"--partial", options.partial},
                                      {"--eer", !options.eer.empty()},
                                      {"--by", !options.by.empty()},
                                      {"--bootstrap", options.resamples > 0},
                                      {"--plots", !options.plots.empty()},
                                      {"--tables", !options.tables.empty()},
                                      {"--report", !options.report.empty()}});
  if (options.score_column < 3) throw UsageError("--score-column: scores begin at column 3");
  const LocalisationResult result =
      evaluate_localisation(read_frame_scores(options.scores, options.score_column - 1),
                            read_rttm(options.rttm), {options.frame, options.official});
  fmt::print(
      "{}: {} recordings, {} bona fide and {} spoofed frames, {:.2f} s and {:.2f} s\n\n"
      "point EER %  {:>12.4f}  threshold {:.6g}\nrange EER %  {:>12.4f}  threshold {:.6g}\n",
      printable(options.scores), result.recordings, result.bona_fide_frames, result.spoof_frames,
      result.bona_fide_seconds, result.spoof_seconds, 100 * result.point_eer,
      result.point_threshold, 100 * result.range_eer, result.range_threshold);
  if (options.json.empty()) return 0;
  Json json = metrics_json(options);
  json["localisation"] = {
      {"recordings", result.recordings},           {"bona_fide_frames", result.bona_fide_frames},
      {"spoof_frames", result.spoof_frames},       {"bona_fide_seconds", result.bona_fide_seconds},
      {"spoof_seconds", result.spoof_seconds},     {"point_eer", result.point_eer},
      {"point_threshold", result.point_threshold}, {"range_eer", result.range_eer},
      {"range_threshold", result.range_threshold}};
  write_atomically(options.json, json.dump(2) + "\n");
  return 0;
}

}  // namespace bonafide
