#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json_value.h"
#include "cli/metrics_options.h"
#include "cli/metrics_trials.h"
#include "metrics/detector_trials.h"
#include "metrics/eer.h"
#include "metrics/resampling.h"
#include "report/detector_page.h"
#include "report/grid.h"
#include "trials/trials.h"

namespace bonafide {

// Throws UsageError for the first option that was given: options that a kind of trials has no
// answer for are refused, not passed over.
void refuse_options(std::string_view trials,
                    std::initializer_list<std::pair<std::string_view, bool>> options);

// How often trials are drawn: --compare draws them without --bootstrap too. 0: not at all.
size_t drawn_resamples(const MetricsOptions& options);

// What every JSON file of `bonafide metrics` begins with: version, score file, its SHA-256,
// and how trials were drawn for intervals.
Json metrics_json(const MetricsOptions& options);

// Version, command and files with their SHA-256, for the end of a page.
std::vector<std::pair<std::string, std::string>> metrics_run_card(const MetricsOptions& options);

// "warning: attack A07: no spoof trials", for each row of a breakdown that lacks figures which all
// trials together, `pooled`, have.
std::string breakdown_warnings(const Breakdown& breakdown, const DetectorResult& pooled);

// Percent of two crossed factors: "EER (%), attack by codec".
Grid eer_grid(std::string_view figure, const std::vector<std::string>& by, const CrossTable& table);

// What the evaluation of detectors and that of verification (Options) have in common.
template <typename Options>
Options evaluation_options(const MetricsOptions& typed) {
  Options options;
  if (!typed.eer.empty()) options.eer = parse_eer_variant(typed.eer);
  options.official = typed.official;
  options.resamples = typed.resamples;
  options.resampling = parse_resampling(typed.resampling.value_or("plain"));
  options.seed = typed.seed.value_or(0);
  return options;
}

// What --partial passed over; nothing for none.
void print_left_out(size_t trials);

// Part of a file's name, from a column's.
std::string file_part(std::string text);

// What pages and JSON files say besides the figures.
struct MetricsContext {
  std::string name;             // of the scores, on the terminal
  std::string title;            // of the page
  std::string unit = "trials";  // or "recordings"
  std::vector<std::string> warnings = {};
  std::vector<PageSection> sections = {};
  std::vector<std::pair<std::string, std::string>> run_card = {};
  Json json = {};  // what the file begins with
};

// That of `bonafide metrics`.
MetricsContext context_of(const MetricsOptions& options);

// Bona fide and spoofed trials: prints the figures of a detector, writes plots, tables and a page
// where they are wanted, and returns what the JSON file says.
Json run_detector_metrics(const MetricsOptions& options, const MetricsTrials& read,
                          const MetricsContext& context);

// Trials of targets, and of nontargets or spoofs: the same with the figures of speaker
// verification.
Json run_sasv_metrics(const MetricsOptions& options, const MetricsTrials& read,
                      const MetricsContext& context);

// Trials of one class only: what a threshold makes of them.
int run_one_class_metrics(const MetricsOptions& options, const MetricsTrials& read);

// Scores of frames against labelled spans.
int run_localisation_metrics(const MetricsOptions& options);

}  // namespace bonafide
