#include "cli/data_list_inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <optional>
#include <thread>
#include <utility>

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

// Lists that say more of recordings than where they lie; nothing for other INPUTs.
std::optional<std::vector<Trial>> read_list(const std::string& input, Leftovers* leftovers) {
  std::error_code unknown;
  if (std::filesystem::is_directory(input, unknown)) return std::nullopt;
  if (auto trials = read_corpus_list(input, leftovers)) return trials;
  if (is_manifest_name(input)) return read_manifest(input, /*labels_needed=*/false);
  if (is_shard_name(input)) return read_shard(input, leftovers);
  return std::nullopt;
}

void add_recordings(const std::string& input, InputTrials& all, Leftovers* leftovers) {
  for (const Input& found : list_inputs({input}, std::cin, leftovers)) {
    const std::string name = found.location.name();
    if (!found.trouble.empty()) {
      all.troubles.push_back(fmt::format("{}: {}", printable(name), found.trouble));
      continue;
    }
    Trial& trial = all.trials.emplace_back();
    trial.id = name;
    trial.path = found.location.path;
    trial.member = found.location.member;
    trial.excerpt = found.location.excerpt;
  }
}

}  // namespace

InputTrials read_input_trials(const std::vector<std::string>& inputs) {
  InputTrials all;
  Leftovers leftovers;
  for (const std::string& input : inputs) {
    if (auto trials = read_list(input, &leftovers)) {
      std::move(trials->begin(), trials->end(), std::back_inserter(all.trials));
    } else {
      add_recordings(input, all, &leftovers);
    }
  }
  say_leftovers(leftovers);
  if (all.trials.empty() && all.troubles.empty()) {
    throw UsageError("no recordings among the inputs");
  }
  return all;
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

int report_batch(const std::string& command, const BatchReport& report, const InputTrials& inputs) {
  for (const std::string& reason : inputs.troubles) say("bonafide: {}\n", reason);
  for (const std::string& reason : report.reasons) say("bonafide: {}\n", reason);
  for (const std::string& losses : report.losses) say("bonafide: {}\n", losses);
  if (report.interrupted) {
    say("bonafide: {}: interrupted; the same command goes on from here\n", command);
    return 3;
  }
  fmt::print("{} of {} recordings done\n", report.made,
             inputs.trials.size() + inputs.troubles.size() - report.left_out);
  if (report.reasons.empty() && inputs.troubles.empty()) return 0;
  return report.made == 0 ? 1 : 3;
}

}  // namespace bonafide
