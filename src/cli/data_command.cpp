#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <thread>

#include "audio/decode.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "corpus/corpus.h"
#include "corpus/manifest.h"
#include "corpus/minicorpus.h"
#include "corpus/parallel.h"

namespace bonafide {

namespace {

struct Options {
  std::string corpus;
  std::string root;
  std::string output;
  bool deep = false;
  MinicorpusOptions minicorpus;
  size_t threads = std::max(1u, std::thread::hardware_concurrency());
};

int list_corpora() {
  for (const Corpus& corpus : corpora()) {
    fmt::print("{}: {}\n", corpus.name, corpus.title);
    for (const std::string_view line : split(corpus.layout, '\n')) fmt::print("    {}\n", line);
    if (!corpus.parts.empty()) fmt::print("    parts: {}\n", fmt::join(corpus.parts, ", "));
  }
  return 0;
}

// All parts of the corpus.
std::vector<Trial> read_all(const Options& options) {
  const Corpus& corpus = find_corpus(options.corpus);
  if (corpus.parts.empty()) return corpus.read({options.root, ""});
  std::vector<Trial> trials;
  for (const std::string_view part : corpus.parts) {
    for (Trial& trial : corpus.read({options.root, std::string(part)})) {
      trials.push_back(std::move(trial));
    }
  }
  return trials;
}

void print_counts(const std::vector<Trial>& trials) {
  struct Counts {
    size_t bona_fide = 0, spoof = 0;
  };
  std::map<std::string, Counts> counts;
  for (const Trial& trial : trials) {
    Counts& part = counts[trial.partition];
    ++(trial.label == Label::kBonaFide ? part.bona_fide : part.spoof);
  }
  fmt::print("{:<16} {:>10} {:>10}\n", "partition", "bona fide", "spoof");
  for (const auto& [partition, part] : counts) {
    fmt::print("{:<16} {:>10} {:>10}\n", partition.empty() ? "(all)" : printable(partition),
               part.bona_fide, part.spoof);
  }
}

int check(const Options& options) {
  const std::vector<Trial> trials = read_all(options);
  print_counts(trials);
  const auto look = [&](size_t i) {
    const auto& path = trials[i].path;
    std::error_code unreadable;
    if (options.deep) {
      decode(path);
    } else if (!std::filesystem::is_regular_file(path, unreadable)) {
      throw Error(fmt::format("{}: no such file", printable(path.native())));
    }
  };
  const auto outcome =
      for_each_parallel(trials.size(), options.threads, "checking", *terminal_progress(), look);
  for (const std::string& reason : outcome.reasons) fmt::print(stderr, "bonafide: {}\n", reason);
  if (outcome.interrupted) throw Error("check: interrupted");
  const size_t bad = outcome.reasons.size();
  fmt::print("{} of {} recordings {}\n", trials.size() - bad, trials.size(),
             options.deep ? "decode" : "are there");
  if (bad == 0) return 0;
  return bad == trials.size() ? 1 : 3;
}

int write_manifest_of(const Options& options) {
  const std::vector<Trial> trials = read_all(options);
  write_manifest(options.output, trials);
  print_counts(trials);
  return 0;
}

void print_shortcuts(const ShortcutTable& table) {
  fmt::print("Shortcuts: area under the ROC curve, 0.5 = useless\n{:<20}", "");
  for (const std::string& partition : table.partitions) fmt::print(" {:>15}", partition);
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
  const auto table = measure_shortcuts(read_all(options), options.threads, *terminal_progress());
  if (interrupted()) throw Error("shortcuts: interrupted");
  print_shortcuts(table);
  return 0;
}

int make_corpus(Options& options) {
  options.minicorpus.threads = options.threads;
  const MinicorpusReport report = make_minicorpus(options.minicorpus, *terminal_progress());
  if (!report.missing.empty()) {
    fmt::print(stderr, "bonafide: not installed, left out: {}\n", fmt::join(report.missing, " "));
  }
  if (report.interrupted)
    throw Error("minicorpus: interrupted; the same command goes on from here");
  print_counts(report.trials);
  fmt::print("\n");
  print_shortcuts(report.shortcuts);
  if (report.reasons.empty()) return 0;
  fmt::print(stderr, "bonafide: {} utterances or sentences could not be made; the first: {}\n",
             report.reasons.size(), printable(report.reasons.front()));
  return 3;
}

void add_corpus_and_root(CLI::App& app, Options& options) {
  app.add_option("corpus", options.corpus, "name, as \"data list\" prints it")->required();
  app.add_option("root", options.root, "its folder; for \"manifest\" the file")->required();
}

void add_threads(CLI::App& app, Options& options) {
  app.add_option("--threads", options.threads, "worker threads")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
}

}  // namespace

std::function<int()> declare_data(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  const CLI::App* list = app.add_subcommand("list", "the corpora, and what they are on disk");

  CLI::App* check_app =
      app.add_subcommand("check", "count trials; see that the recordings are there");
  add_corpus_and_root(*check_app, *options);
  check_app->add_flag("--deep", options->deep, "decode every recording");
  add_threads(*check_app, *options);

  CLI::App* manifest = app.add_subcommand("manifest", "write any corpus as one CSV manifest");
  add_corpus_and_root(*manifest, *options);
  manifest->add_option("out", options->output, "the manifest to write")->required();

  CLI::App* shortcuts = app.add_subcommand(
      "shortcuts", "how well a corpus' classes are told apart without listening to the voice");
  add_corpus_and_root(*shortcuts, *options);
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
      "  bonafide data manifest asvspoof2019-la /data/LA la.csv\n"
      "  bonafide data augment out recordings --steps telephone\n"
      "  bonafide data copysynth copies recordings --vocoder world");
  return [=]() -> int {
    if (*augment) return run_augment();
    if (*copysynth) return run_copysynth();
    if (*list) return list_corpora();
    if (*check_app) return check(*options);
    if (*manifest) return write_manifest_of(*options);
    if (*shortcuts) return measure(*options);
    return make_corpus(*options);
  };
}

}  // namespace bonafide
