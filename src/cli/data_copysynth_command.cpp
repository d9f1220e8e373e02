#include <fmt/format.h>

#include <memory>

#include "augment/batch.h"
#include "base/error.h"
#include "cli/commands.h"
#include "cli/data_list_inputs.h"
#include "cli/terminal.h"

namespace bonafide {

namespace {

struct Options {
  std::vector<std::string> inputs;
  std::vector<std::string> vocoders;
  bool all = false;
  BatchOptions batch;
};

int run(const Options& options) {
  std::vector<const Vocoder*> chosen;
  for (const std::string& name : options.vocoders) chosen.push_back(&find_vocoder(name));
  if (chosen.empty()) {
    for (const Vocoder& vocoder : vocoders()) chosen.push_back(&vocoder);
  }
  const InputTrials inputs = read_input_trials(options.inputs);
  const auto report =
      copysynth_batch(inputs.trials, chosen, options.all, options.batch, *terminal_progress());
  const int status = report_batch("data copysynth", report, inputs);
  if (report.left_out > 0) fmt::print("{} spoofed recordings left out\n", report.left_out);
  return status;
}

}  // namespace

std::function<int()> declare_data_copysynth(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("folder", options->batch.folder, "where both versions go; a rerun goes on there")
      ->required();
  app.add_option("input", options->inputs,
                 "recordings, folders, @LIST, or a manifest, whose spoofed trials are left out")
      ->required();
  std::string names;
  for (const Vocoder& vocoder : vocoders()) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", vocoder.name);
  }
  app.add_option("--vocoder", options->vocoders, "one or more of " + names + "; default: all")
      ->delimiter(',');
  app.add_flag("--all", options->all,
               "every vocoder for every recording, instead of one drawn for each");
  declare_batch_options(app, options->batch, 8000, "both versions");
  app.footer(
      "Examples:\n"
      "  bonafide data copysynth copies recordings --vocoder world,lpc --all\n"
      "  bonafide data copysynth copies train.csv --seed 7");
  return [options] { return run(*options); };
}

}  // namespace bonafide
