#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "augment/batch.h"
#include "corpus/trial.h"

namespace bonafide {

struct InputTrials {
  std::vector<Trial> trials;
  std::vector<std::string> troubles;  // why others cannot be read; one line each, which names it
};

// The INPUTs of `data augment` and `data copysynth`: the trials of manifests and
// protocols with their labels, and recordings of any other INPUT without one, their path as id.
// Says on stderr what archives hold besides. Throws UsageError when the INPUTs hold nothing.
InputTrials read_input_trials(const std::vector<std::string>& inputs);

// --sample-rate (from `lowest_rate` Hz), --seed and --threads, which default to every core. `what`
// is what the command writes.
void declare_batch_options(CLI::App& app, BatchOptions& options, int lowest_rate,
                           const std::string& what);

// Prints what failed, the inputs' troubles first; the exit status of a batch.
int report_batch(const std::string& command, const BatchReport& report, const InputTrials& inputs);

}  // namespace bonafide
