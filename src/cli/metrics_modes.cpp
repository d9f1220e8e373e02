#include "cli/metrics_modes.h"

#include <fmt/format.h>

#include <cctype>
#include <filesystem>

#include "base/digest.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json_value.h"
#include "base/text.h"
#include "base/version.h"
#include "metrics/bootstrap.h"
#include "metrics/localisation.h"
#include "metrics/segment_scores.h"

namespace bonafide {

namespace {

// Rows of frames, of the length that the options say, or the segments of `bonafide score`.
SegmentScores read_frames(const MetricsOptions& options) {
  const std::string text = read_text(options.scores);
  if (holds_json_rows(text)) {
    refuse_options("segments of JSON lines",
                   {{"--frame", options.frame.has_value()},
                    {"--score-column", options.score_column.has_value()}});
    return parse_segment_scores(text, options.scores);
  }
  return {parse_frame_scores(text, options.scores, options.score_column.value_or(kScoreColumn) - 1),
          options.frame.value_or(kFrameSeconds)};
}

}  // namespace

void refuse_options(std::string_view trials,
                    std::initializer_list<std::pair<std::string_view, bool>> options) {
  for (const auto& [name, given] : options) {
    if (given) throw UsageError(fmt::format("{}: has no meaning for {}", name, trials));
  }
}

size_t drawn_resamples(const MetricsOptions& options) {
  if (options.resamples > 0 || options.compare.empty()) return options.resamples;
  return BootstrapOptions{}.resamples;
}

Json metrics_json(const MetricsOptions& options) {
  Json json = {{"version", kVersion}, {"scores", printable(options.scores)}};
  if (!options.json.empty()) json["sha256"] = sha256_of_file(options.scores);
  if (drawn_resamples(options) > 0) {
    json["bootstrap"] = {{"resamples", drawn_resamples(options)},
                         {"resampling", options.resampling.value_or("plain")},
                         {"seed", options.seed.value_or(0)}};
  }
  return json;
}

void print_left_out(size_t trials) {
  if (trials == 0) return;
  fmt::print("\nwarning: {} trials that lack a score or a label were left out\n", trials);
}

std::string breakdown_warnings(const Breakdown& breakdown, const DetectorResult& pooled) {
  std::string text;
  for (const ConditionResult& row : breakdown.rows) {
    const auto add = [&](const std::string& what) {
      text +=
          fmt::format("\nwarning: {} {}: {}\n", breakdown.factor, printable(row.value, 40), what);
    };
    if (!row.problem.empty()) add(row.problem);
    if (!row.result) continue;
    for (const auto& [figure, reason] : row.result->reasons) {
      if (pooled.reasons.contains(figure)) continue;
      const char* year = figure == "min_tdcf_legacy" ? "2019" : "2021";
      add(fmt::format("no min t-DCF ({}): {}", year, reason));
    }
  }
  return text;
}

Grid eer_grid(std::string_view figure, const std::vector<std::string>& by,
              const CrossTable& table) {
  Grid grid{fmt::format("{} (%), {} by {}", figure, by[0], by[1]),
            table.columns,
            table.rows,
            table.values,
            2,
            table.warnings};
  for (auto& row : grid.values) {
    for (double& value : row) value *= 100;
  }
  return grid;
}

std::vector<std::pair<std::string, std::string>> metrics_run_card(const MetricsOptions& options) {
  std::vector<std::pair<std::string, std::string>> card = {
      {"bonafide", kVersion}, {"command", options.command_line}, {"time", options.started}};
  for (const auto& [role, path] : {std::pair("scores", options.scores),
                                   {"compared with", options.compare},
                                   {"key", options.key},
                                   {"ASV scores", options.asv_scores},
                                   {"ASV key", options.asv_key},
                                   {"target-only protocol", options.target_only}}) {
    if (path.empty()) continue;
    card.emplace_back(role, fmt::format("{} (SHA-256 {})", printable(path), sha256_of_file(path)));
  }
  if (drawn_resamples(options) > 0) {
    card.emplace_back("intervals",
                      fmt::format("{} {} bootstrap resamples, seed {}", drawn_resamples(options),
                                  options.resampling.value_or("plain"), options.seed.value_or(0)));
  }
  return card;
}

MetricsContext context_of(const MetricsOptions& options) {
  MetricsContext context;
  const auto name = std::filesystem::path(options.scores).filename().string();
  context.name = printable(options.scores);
  context.title = fmt::format("Scores of {}", printable(name));
  context.json = metrics_json(options);
  if (!options.report.empty()) context.run_card = metrics_run_card(options);
  return context;
}

std::string file_part(std::string text) {
  for (char& c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-') c = '_';
  }
  return text;
}

int run_localisation_metrics(const MetricsOptions& options) {
  refuse_options("scores of frames", {{"--corpus", !options.corpus.empty()},
                                      {"--key", !options.key.empty()},
                                      {"--compare", !options.compare.empty()},
                                      {"--threshold", options.threshold.has_value()},
                                      {"--asv-scores", !options.asv_scores.empty()},
                                      {"--asv-key", !options.asv_key.empty()},
                                      {"--bonafide-label", options.bonafide_label >= 0},
                                      {"--resampling", options.resampling.has_value()},
                                      {"--seed", options.seed.has_value()},
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
  if (options.score_column.value_or(kScoreColumn) < 3)
    throw UsageError("--score-column: scores begin at column 3");
  const SegmentScores frames = read_frames(options);
  const LocalisationResult result = evaluate_localisation(frames.scores, read_rttm(options.rttm),
                                                          {frames.seconds, options.official});
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
