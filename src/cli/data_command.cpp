#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <thread>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/data_commands.h"
#include "cli/say.h"
#include "cli/say_leftovers.h"
#include "cli/terminal.h"
#include "corpus/check.h"
#include "corpus/shortcuts.h"
#include "minicorpus/minicorpus.h"

namespace bonafide {

namespace {

struct Options {
  CorpusArguments corpus;
  MinicorpusOptions minicorpus;
  size_t threads = std::max(1u, std::thread::hardware_concurrency());
};

std::vector<PartCounts> counts_by_partition(const std::vector<Trial>& trials) {
  std::map<std::string, Part> parts;
  for (const Trial& trial : trials) {
    Part& part = parts[trial.partition];
    part.name = trial.partition;
    part.trials.push_back(trial);
  }
  std::vector<PartCounts> counts;
  for (const auto& [name, part] : parts) counts.push_back(count(part));
  return counts;
}

// Says on stderr which parts cannot be read.
std::vector<Trial> read_all(const Options& options, bool& complete) {
  std::vector<std::string> unreadable;
  Leftovers leftovers;
  std::vector<Trial> trials;
  for (Part& part : read_parts(find_corpus(options.corpus.corpus), options.corpus.root,
                               std::nullopt, unreadable, &leftovers)) {
    for (Trial& trial : part.trials) trials.push_back(std::move(trial));
  }
  for (const std::string& reason : unreadable) say("bonafide: {}\n", reason);
  say_leftovers(leftovers);
  complete = unreadable.empty();
  return trials;
}

void print_shortcuts(const ShortcutTable& table) {
  fmt::print("Shortcuts: area under the ROC curve, 0.5 = useless\n{:<20}", "");
  for (const std::string& partition : table.partitions)
    fmt::print(" {:>15}", printable(partition, 15));
  fmt::print("\n");
  bool warned = false;
  for (size_t s = 0; s < kShortcutNames.size(); ++s) {
    fmt::print("{:<20}", kShortcutNames[s]);
    for (const auto& areas : table.areas) {
      const bool warn = areas[s] > ShortcutTable::kWarning;
      warned = warned || warn;
      fmt::print(" {:>14.2f}{}", areas[s], warn ? "!" : " ");
    }
    fmt::print("\n");
  }
  if (warned) {
    fmt::print(
        "! above {}: tells the classes apart without listening to the voice. A high crest "
        "factor is known\n  (studio-compressed prompts against synthesisers); see copy "
        "synthesis by itself.\n",
        ShortcutTable::kWarning);
  }
}

int measure(const Options& options) {
  bool complete = true;
  const auto trials = read_all(options, complete);
  const auto table = measure_shortcuts(trials, options.threads, *terminal_progress());
  if (interrupted()) throw Error("shortcuts: interrupted");
  for (const std::string& reason : table.reasons) say("bonafide: {}\n", reason);
  if (!trials.empty() && table.reasons.size() == trials.size()) return 1;
  print_shortcuts(table);
  return complete && table.reasons.empty() ? 0 : 3;
}

int make_corpus(Options& options) {
  options.minicorpus.threads = options.threads;
  const MinicorpusReport report = make_minicorpus(options.minicorpus, *terminal_progress());
  if (!report.missing.empty()) {
    say("bonafide: not installed, left out: {}\n", fmt::join(report.missing, " "));
  }
  if (report.interrupted) {
    say("bonafide: minicorpus: interrupted; the same command goes on from here\n");
    return 3;
  }
  print_counts(counts_by_partition(report.trials));
  fmt::print("\n");
  print_shortcuts(report.shortcuts);
  if (report.reasons.empty()) return 0;
  say("bonafide: {} utterances or sentences could not be made; the first: {}\n",
      report.reasons.size(), printable(report.reasons.front()));
  return 3;
}

void add_threads(CLI::App& app, Options& options) {
  app.add_option("--threads", options.threads, "worker threads")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
}

}  // namespace

void add_corpus_arguments(CLI::App& app, CorpusArguments& arguments) {
  app.add_option("corpus", arguments.corpus, "name, as \"data list\" prints it")->required();
  app.add_option("root", arguments.root, "its folder; for \"manifest\" the file")->required();
}

void print_counts(const std::vector<PartCounts>& parts) {
  const bool any_unlabelled =
      std::any_of(parts.begin(), parts.end(), [](const PartCounts& p) { return p.unlabelled > 0; });
  fmt::print("{:<16} {:>10} {:>10}{}\n", "partition", "bona fide", "spoof",
             any_unlabelled ? "  unlabelled" : "");
  for (const PartCounts& part : parts) {
    fmt::print("{:<16} {:>10} {:>10}", part.part.empty() ? "(all)" : printable(part.part),
               part.bona_fide, part.spoof);
    if (any_unlabelled) fmt::print("  {:>10}", part.unlabelled);
    fmt::print("\n");
  }
}

std::function<int()> declare_data(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App* list = app.add_subcommand("list", "the corpora, and what they are on disk");
  const auto list_work = declare_data_list(*list);
  CLI::App* check = app.add_subcommand("check", "verify a copy of a corpus");
  const auto check_work = declare_data_check(*check);
  CLI::App* manifest = app.add_subcommand("manifest", "write any corpus as one manifest");
  const auto manifest_work = declare_data_manifest(*manifest);

  CLI::App* shortcuts = app.add_subcommand(
      "shortcuts", "how well a corpus' classes are told apart without listening to the voice");
  add_corpus_arguments(*shortcuts, options->corpus);
  add_threads(*shortcuts, *options);

  CLI::App* mini = app.add_subcommand("minicorpus",
                                      "make a small labelled corpus from Debian's speech packages");
  mini->add_option("folder", options->minicorpus.folder, "made if need be; a rerun goes on there")
      ->required();
  mini->add_option("--scale", options->minicorpus.scale, "of the number of utterances (4480 at 1)")
      ->check(CLI::Range(0.001, 10.0))
      ->capture_default_str();
  mini->add_option("--seed", options->minicorpus.seed, "of everything random")
      ->capture_default_str();
  add_threads(*mini, *options);

  CLI::App* augment = app.add_subcommand("augment", "write augmented copies of recordings");
  const auto run_augment = declare_data_augment(*augment);
  CLI::App* copysynth =
      app.add_subcommand("copysynth", "speak recordings again through vocoders: spoofed partners");
  const auto run_copysynth = declare_data_copysynth(*copysynth);

  app.require_subcommand(1);
  app.footer(
      "Examples:\n"
      "  bonafide data list\n"
      "  bonafide data minicorpus corpus --scale 0.25\n"
      "  bonafide data check asvspoof2019-la /data/LA --deep\n"
      "  bonafide data manifest asvspoof2019-la /data/LA --output la.csv\n"
      "  bonafide data augment out recordings --steps telephone\n"
      "  bonafide data copysynth copies recordings --vocoder world");
  return [=]() -> int {
    if (*list) return list_work();
    if (*check) return check_work();
    if (*manifest) return manifest_work();
    if (*augment) return run_augment();
    if (*copysynth) return run_copysynth();
    if (*shortcuts) return measure(*options);
    return make_corpus(*options);
  };
}

}  // namespace bonafide
