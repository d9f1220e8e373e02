#include "cli/data_list_inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <thread>

#include "augment/batch.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/say.h"
#include "cli/say_leftovers.h"
#include "corpus/corpus.h"
#include "corpus/manifest.h"
#include "corpus/shard.h"
#include "scoring/inputs.h"

namespace bonafide {

namespace {

std::vector<Trial> trials_of(const std::string& input, Leftovers* leftovers) {
  std::error_code unknown;
  if (!std::filesystem::is_directory(input, unknown)) {
    // Lists that say more of recordings than where they lie.
    if (auto trials = read_corpus_list(input, leftovers)) return *std::move(trials);
    if (is_manifest_name(input)) return read_manifest(input, /*labels_needed=*/false);
    if (is_shard_name(input)) return read_shard(input, leftovers);
  }
  std::vector<Trial> trials;
  for (const AudioLocation& location : expand_inputs({input}, std::cin, leftovers)) {
    Trial trial;
    trial.id = location.name();
    trial.path = location.path;
    trial.member = location.member;
    trials.push_back(std::move(trial));
  }
  return trials;
}

}  // namespace

std::vector<Trial> read_input_trials(const std::vector<std::string>& inputs) {
  std::vector<Trial> trials;
  Leftovers leftovers;
  for (const std::string& input : inputs) {
    for (Trial& trial : trials_of(input, &leftovers)) trials.push_back(std::move(trial));
  }
  say_leftovers(leftovers);
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
  for (const std::string& reason : report.reasons) say("bonafide: {}\n", reason);
  for (const std::string& losses : report.losses) say("bonafide: {}\n", losses);
  if (report.interrupted) {
    say("bonafide: {}: interrupted; the same command goes on from here\n", command);
    return 3;
  }
  fmt::print("{} of {} recordings done\n", report.made, items);
  if (report.reasons.empty()) return 0;
  return report.made == 0 ? 1 : 3;
}

}  // namespace bonafide
