#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/error.h"
#include "base/file.h"
#include "base/output_path.h"
#include "base/text.h"
#include "cli/recipe_argument.h"
#include "cli/say.h"
#include "cli/terminal.h"
#include "cli/torch_commands.h"
#include "evaluation/epoch_selection.h"
#include "recipe/recipe.h"
#include "train/trainer.h"

namespace bonafide {

namespace {

struct Options {
  const SystemTable& systems;
  std::string recipe;
  std::vector<std::string> overrides;
  std::string output;
  bool resume = false;
  bool dry_run = false;
};

void warn(const std::string& line) { say("bonafide: {}\n", printable(line, 1000)); }

int dry_run(const Recipe& recipe, const Options& options) {
  NoProgress progress;
  const TrainingPlan plan = plan_training(recipe, options.output, options.resume,
                                          {progress, {}, warn, "", options.systems});
  fmt::print("{}", recipe.yaml());
  for (const auto& [part, recordings] : plan.parts) {
    fmt::print("# {}: {} recordings\n", part, recordings);
  }
  fmt::print("# {} batches an epoch\n", plan.batches);
  return 0;
}

// As the user typed it.
std::string command_line() {
  std::string text = read_text("/proc/self/cmdline", size_t{1} << 22);
  std::replace(text.begin(), text.end(), '\0', ' ');
  return std::string(trim(text));
}

// The run directory's own recipe when resuming without one.
Recipe recipe_for(Options options) {
  if (options.resume && options.recipe.find('=') != std::string::npos) {
    options.overrides.insert(options.overrides.begin(), options.recipe);
    options.recipe.clear();
  }
  const std::string own = options.output + "/recipe.yaml";
  return open_recipe(options.resume && options.recipe.empty() ? own : options.recipe,
                     options.overrides);
}

void print_epoch(const EpochRecord& r, const EpochSelection& selection) {
  std::string figure;
  if (selection.chooses()) {
    figure = fmt::format("{} {} {:>8}{}  ", selection.part, selection.title,
                         selection.text(r.choosing), r.best ? " *" : "  ");
  }
  fmt::print("epoch {:3}  loss {:.4f}  {}{:.1f} utterances/s\n", r.epoch + 1, r.loss, figure,
             r.utt_per_s);
  std::fflush(stdout);
}

void print_best(const TrainingResult& result, const EpochSelection& selection,
                const std::string& folder) {
  if (!selection.chooses()) {
    fmt::print("the last epoch, {}: {}/last.safetensors\n", result.epochs, folder);
  } else if (result.best_epoch >= 0) {
    fmt::print("best: epoch {}, {} {} {}: {}/best.safetensors\n", result.best_epoch + 1,
               selection.part, selection.title, selection.text(result.best_eer), folder);
  } else {
    fmt::print("no epoch reached a {} {} of {}{} (train.best_eer): {}/last.safetensors\n",
               selection.part, selection.title, result.best_eer, selection.rate ? " %" : "",
               folder);
  }
}

int run(const Options& options) {
  if (options.recipe.empty() && !options.resume) throw UsageError("train: wants a recipe");
  const Recipe recipe = recipe_for(options);
  if (!options.resume) {
    const std::array inputs = {options.recipe};
    expect_no_input("train", options.output + "/recipe.yaml", inputs);
  }
  if (options.dry_run) return dry_run(recipe, options);

  const EpochSelection selection = selection_of(recipe);
  const std::string& part = selection.part;
  if (selection.chooses() && part != "dev") {
    fmt::print(
        "the best checkpoint is chosen on the {} part (train.select): its {} there is no "
        "estimate for new data\n",
        part, selection.title);
  }
  if (recipe.flag("train.best_on_eval")) {
    fmt::print(
        "best_on_eval.safetensors is chosen on the eval part (train.best_on_eval): its figures "
        "there "
        "are no estimate for new data\n");
  }
  const auto progress = terminal_progress();
  const TrainingHooks hooks = {*progress,
                               [&selection](const EpochRecord& r) { print_epoch(r, selection); },
                               warn, command_line(), options.systems};
  const TrainingResult result = train(recipe, options.output, options.resume, hooks);
  if (!result.first) return 0;

  if (result.interrupted) {
    fmt::print("stopped in epoch {}; go on with: bonafide train --resume --output {}\n",
               result.epochs + 1, printable(options.output));
    return 3;
  }
  if (result.epochs == 0) {
    throw Error("train: train.max_minutes ended it before an epoch was done; --resume goes on");
  }
  if (result.stopped_early) {
    fmt::print("stopped early: {} epochs without a better {} (train.patience)\n",
               recipe.integer("train.patience"), selection.title);
  }
  print_best(result, selection, printable(options.output));
  if (result.best_test_tdcf) {
    fmt::print(
        "lowest min t-DCF on the eval part (train.best_on_eval), {:.4f}: "
        "{}/best_on_eval.safetensors\n",
        *result.best_test_tdcf, printable(options.output));
  }
  if (result.averaged_eer) {
    fmt::print("average of the best epochs, {} {} {}: {}/averaged.safetensors\n", part,
               selection.title, selection.text(*result.averaged_eer), printable(options.output));
  }
  return 0;
}

}  // namespace

std::function<int()> declare_train(CLI::App& app, const SystemTable& systems) {
  const auto options = std::make_shared<Options>(systems);
  app.add_option("recipe", options->recipe,
                 "a YAML file, or the name of a built-in recipe (\"bonafide recipe list\")");
  app.add_option("overrides", options->overrides, "key=value, with dotted keys");
  app.add_option("-o,--output", options->output, "the run directory")
      ->default_str("runs/train")
      ->default_val("runs/train");
  app.add_flag("--resume", options->resume, "go on with the run in the run directory");
  app.add_flag("--dry-run", options->dry_run,
               "check data, system and output folder as a training does before its first step; "
               "print the full recipe, and stop");
  app.footer(
      "Examples:\n"
      "  bonafide train aasist data.root=/data/LA --output runs/aasist\n"
      "  bonafide train aasist-l data.corpus=manifest data.train=train.csv data.dev=dev.csv\n"
      "  bonafide train --resume --output runs/aasist");
  return [options] { return run(*options); };
}

}  // namespace bonafide
