#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <memory>

#include "base/error.h"
#include "base/output_path.h"
#include "cli/data_commands.h"
#include "cli/say.h"
#include "cli/say_leftovers.h"
#include "corpus/manifest.h"

namespace bonafide {

namespace {

struct Options {
  CorpusArguments arguments;
  std::string part;
  std::string output;
};

// Tells the parts apart where the corpus itself does not.
std::vector<Trial> join(std::vector<Part> parts) {
  std::vector<Trial> trials;
  for (Part& part : parts) {
    for (Trial& trial : part.trials) {
      if (trial.partition.empty()) trial.partition = part.name;
      trials.push_back(std::move(trial));
    }
  }
  return trials;
}

int write(const Options& options, bool has_part) {
  const std::array inputs = {options.arguments.root};
  expect_no_input("data manifest", options.output, inputs);
  std::vector<std::string> unreadable;
  Leftovers leftovers;
  auto parts =
      read_parts(find_corpus(options.arguments.corpus), options.arguments.root,
                 has_part ? std::optional(options.part) : std::nullopt, unreadable, &leftovers);
  std::vector<PartCounts> counts;
  for (const Part& part : parts) counts.push_back(count(part));
  const std::vector<Trial> trials = join(std::move(parts));
  if (options.output.empty()) {
    write_manifest(std::cout, ManifestForm::kCsv, trials, ".");
    std::cout.flush();
  } else {
    write_manifest(options.output, trials);
    print_counts(counts);
  }
  std::fflush(stdout);
  for (const std::string& reason : unreadable) say("bonafide: {}\n", reason);
  say_leftovers(leftovers);
  const auto stretches = std::count_if(
      trials.begin(), trials.end(), [](const Trial& trial) { return trial.excerpt.has_value(); });
  if (stretches > 0) {
    say("bonafide: {} of {} are stretches of their recordings\n", stretches, trials.size());
  }
  return unreadable.empty() ? 0 : 3;
}

}  // namespace

std::function<int()> declare_data_manifest(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  add_corpus_arguments(app, options->arguments);
  const CLI::Option* part =
      app.add_option("--part", options->part, "only this part; else all that can be read");
  app.add_option("--output,-o", options->output,
                 "X.csv, X.tsv or X.jsonl; without it, CSV on standard output");
  app.footer(
      "Examples:\n"
      "  bonafide data manifest asvspoof2019-la /data/LA --output la.csv\n"
      "  bonafide data manifest shards /data/shards --part train --output train.jsonl");
  return [options, part] { return write(*options, part->count() > 0); };
}

}  // namespace bonafide
