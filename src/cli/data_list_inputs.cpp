#include "cli/data_list_inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <thread>

#include "augment/batch.h"
#include "base/error.h"
#include "base/text.h"
#include "corpus/manifest.h"
#include "scoring/inputs.h"

namespace bonafide {

std::vector<Trial> read_input_trials(const std::vector<std::string>& inputs) {
  std::vector<Trial> trials;
  for (const std::string& input : inputs) {
    if (lower(input).ends_with(".csv")) {
      for (Trial& trial : read_manifest(input, /*labels_needed=*/false)) {
        trials.push_back(std::move(trial));
      }
      continue;
    }
    for (const AudioLocation& location : expand_inputs({input}, std::cin)) {
      Trial trial;
      trial.id = location.name();
      trial.path = location.path;
      trial.member = location.member;
      trials.push_back(std::move(trial));
    }
  }
  if (trials.empty()) throw UsageError("no recordings among the inputs");
  return trials;
}

void declare_batch_options(CLI::App& app, BatchOptions& options, int lowest_rate,
                           const std::string& what) {
  options.threads = std::max(1U, std::thread::hardware_concurrency());
  app.add_option("--sample-rate", options.sample_rate, "Hz of " + what)
      ->check(CLI::Range(lowest_rate, 192000))
      ->capture_default_str();
  app.add_option("--seed", options.seed, "of everything random")->capture_default_str();
  app.add_option("--threads", options.threads, "worker threads")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
}

int report_batch(const std::string& command, const BatchReport& report, size_t items) {
  for (const std::string& reason : report.reasons) fmt::print(stderr, "bonafide: {}\n", reason);
  if (report.interrupted) {
    throw Error(fmt::format("{}: interrupted; the same command goes on from here", command));
  }
  fmt::print("{} of {} recordings done\n", report.made, items);
  if (report.reasons.empty()) return 0;
  return report.made == 0 ? 1 : 3;
}

}  // namespace bonafide
