#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "audio/codec.h"
#include "augment/batch.h"
#include "augment/chain.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json_value.h"
#include "cli/commands.h"
#include "cli/data_list_inputs.h"
#include "cli/recipe_argument.h"
#include "cli/terminal.h"
#include "corpus/flac_file.h"
#include "recipe/recipe.h"
#include "report/listening_page.h"
#include "report/spectrogram.h"

namespace bonafide {

namespace {

struct Options {
  std::vector<std::string> inputs;
  std::string steps;
  std::string recipe;
  size_t copies = 1;
  bool listen = false;
  bool spectrogram = false;
  bool list = false;
  BatchOptions batch;
};

int list_augmentations() {
  for (const AugmentationKind& kind : augmentations()) {
    fmt::print("{:<18} {}\n", kind.name, kind.summary);
  }
  fmt::print("{:<18} {}\n{:<18} {}\n", "one_of", "one of its \"steps\", drawn", "chain",
             "all of its \"steps\"");
  fmt::print("\nPublished chains:\n");
  for (const PublishedChain& chain : published_chains()) {
    fmt::print("{:<18} {}\n", chain.name, chain.summary);
  }
  fmt::print("\nCodecs:\n");
  for (const Codec& codec : codecs()) {
    fmt::print("{:<18} {}{}\n", codec.name, codec.summary,
               codec.missing.empty() ? "" : "; NOT HERE: " + codec.missing);
  }
  return 0;
}

// A word is one step; anything else is YAML.
Json steps_of(const Options& options) {
  if (!options.recipe.empty()) return open_recipe(options.recipe, {}).at("augment.steps");
  Json steps = parse_yaml(options.steps, "--steps");
  return steps.is_array() ? steps : Json::array({steps});
}

// A page with the recordings of both folders, also those of earlier runs.
std::string write_listening_page(const std::filesystem::path& folder) {
  std::vector<ListeningPair> pairs;
  if (!std::filesystem::exists(folder / "originals")) return listening_page(pairs);
  for (const auto& entry : std::filesystem::directory_iterator(folder / "originals")) {
    if (entry.path().extension() != ".flac") continue;
    const std::string name = entry.path().stem().string();
    std::error_code ignored;
    const bool picture = std::filesystem::exists(folder / (name + ".png"), ignored);
    pairs.push_back({name, fmt::format("originals/{}.flac", name), name + ".flac",
                     picture ? name + ".png" : ""});
  }
  std::ranges::sort(pairs, {}, &ListeningPair::name);
  return listening_page(pairs);
}

void write_original(const std::filesystem::path& path, const Waveform& waveform) {
  std::vector<int16_t> integers;
  for (const float sample : waveform.samples) {
    integers.push_back(static_cast<int16_t>(std::clamp(sample * 32768.0f, -32768.0f, 32767.0f)));
  }
  write_flac(path, integers, waveform.sample_rate);
}

int run(const Options& options) {
  if (options.list) return list_augmentations();
  if (options.batch.folder.empty() || options.inputs.empty()) {
    throw UsageError("data augment: a folder to write and INPUTs are needed (or --list)");
  }
  if (options.steps.empty() == options.recipe.empty()) {
    throw UsageError("data augment: give either --steps or --recipe");
  }
  const Json steps = steps_of(options);
  const auto chain = make_chain(steps, options.recipe.empty() ? "--steps" : "augment.steps");
  const InputTrials inputs = read_input_trials(options.inputs);
  const BatchOptions& batch = options.batch;
  const auto originals = batch.folder / "originals";
  AugmentHooks hooks;
  hooks.made = [&](const std::string& name, const Waveform& before, const Waveform& after) {
    if (options.listen) {
      std::filesystem::create_directories(originals);
      write_original(originals / (name + ".flac"), before);
    }
    if (options.spectrogram) {
      write_atomically(batch.folder / (name + ".png"), spectrogram_png({&before, &after}));
    }
  };
  hooks.is_made = [&](const std::string& name) {
    std::error_code ignored;
    return (!options.listen || std::filesystem::exists(originals / (name + ".flac"), ignored)) &&
           (!options.spectrogram ||
            std::filesystem::exists(batch.folder / (name + ".png"), ignored));
  };
  const auto report = augment_batch(inputs.trials, *chain, steps, options.copies, batch, hooks,
                                    *terminal_progress());
  if (options.listen && !report.interrupted) {
    write_atomically(batch.folder / "listen.html", write_listening_page(batch.folder));
  }
  return report_batch("data augment", report, inputs);
}

}  // namespace

std::function<int()> declare_data_augment(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("folder", options->batch.folder, "where the copies go; a rerun goes on there");
  app.add_option("input", options->inputs,
                 "recordings, folders, @LIST, or a manifest or shard, whose labels are kept");
  app.add_option("--steps", options->steps,
                 "what to do: a name (telephone, rat, mu_law ...) or a YAML list of steps");
  app.add_option("--recipe", options->recipe, "take augment.steps of this recipe");
  app.add_option("--copies", options->copies, "of each recording")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_flag("--ab", options->listen, "also the originals, and a page to listen to both");
  app.add_flag("--spectrogram", options->spectrogram,
               "also a picture of both, one above the other");
  app.add_flag("--list", options->list, "print the augmentations, published chains and codecs");
  declare_batch_options(app, options->batch, 4000, "the copies");
  app.footer(
      "Examples:\n"
      "  bonafide data augment --list\n"
      "  bonafide data augment out recordings --steps telephone --ab --spectrogram\n"
      "  bonafide data augment out dev.csv --steps '[{name: codec, codecs: [gsm], p: 0.5}, "
      "mu_law]'");
  return [options] { return run(*options); };
}

}  // namespace bonafide
