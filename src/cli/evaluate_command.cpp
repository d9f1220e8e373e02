#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <functional>
#include <memory>

#include "base/error.h"
#include "base/file.h"
#include "base/json_value.h"
#include "base/output_path.h"
#include "base/text.h"
#include "base/version.h"
#include "checkpoint/model_file.h"
#include "cli/metrics_modes.h"
#include "cli/recipe_argument.h"
#include "cli/say.h"
#include "cli/terminal.h"
#include "cli/torch_commands.h"
#include "cli/weights.h"
#include "evaluation/part_scores.h"
#include "evaluation/parts.h"
#include "evaluation/score_table.h"
#include "evaluation/task.h"
#include "journal/journal.h"
#include "loading/loading.h"
#include "loading/references.h"
#include "metrics/asv_scores.h"
#include "processes/communicator.h"
#include "processes/score_together.h"
#include "recipe/recipe.h"
#include "report/plots.h"
#include "scoring/scoring_options.h"
#include "systems/torch_backend.h"
#include "tensor/device.h"
#include "train/recipe_check.h"
#include "train/run_record.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;

constexpr size_t kResamples = 1000;

struct Options {
  const SystemTable& systems;
  std::string recipe;
  std::vector<std::string> overrides;
  std::string checkpoint;
  std::string set;
  std::string part = "eval";
  std::string output = "runs/evaluation";
};

// Trials and what became of them.
struct Evaluation {
  Task task;
  std::vector<Trial> trials;
  std::string fingerprint = {};  // of the trials
  std::vector<std::string> part_names = {};
  TrialScores scored = {};
  std::string digest = {};  // of the model's file
};

// The learning curves of the run that made the checkpoint, when its journal lies beside it.
std::string curves_beside(const fs::path& checkpoint, const std::string& part) {
  const fs::path journal = checkpoint.parent_path() / "log.csv";
  std::error_code missing;
  if (!fs::is_regular_file(checkpoint, missing) || !fs::is_regular_file(journal, missing))
    return "";
  std::vector<Epoch> epochs;
  try {
    for (const EpochRecord& r : Journal::read(journal)) {
      epochs.push_back({static_cast<double>(r.epoch + 1), r.loss, {}});
      if (r.eer) epochs.back().dev_eer = *r.eer / 100;
    }
  } catch (const Error&) {
    return "";  // somebody else's table
  }
  return epochs.empty() ? "" : learning_curves(epochs, part);
}

// The part of the data that chose the model's epoch, as its card says.
std::string selecting_part(const ModelDescription& model, const char* key,
                           const std::string& otherwise) {
  const Json part = model.card.is_object() ? model.card.value(key, Json()) : Json();
  return part.is_string() ? part.get<std::string>() : otherwise;
}

std::vector<std::string> warnings_of(const Options& options, const Evaluation& evaluation,
                                     const ModelDescription& model) {
  std::vector<std::string> warnings;
  const auto& troubles = evaluation.scored.troubles;
  if (!troubles.empty()) {
    warnings.push_back(fmt::format("{} {} could not be scored; the first: {}", troubles.size(),
                                   evaluation.task.verifies() ? "trials" : "recordings",
                                   troubles.front()));
  }
  const std::string also_on =
      selecting_part(model, "also_selected_on", selecting_part(model, "selected_on", "dev"));
  if (also_on == options.part && also_on != "dev") {
    warnings.push_back(fmt::format(
        "the model's epoch was chosen on the {} part: its EER there is no estimate for new data",
        also_on));
  }
  return warnings;
}

MetricsContext context_of(const Options& options, const Evaluation& evaluation,
                          const ModelDescription& model, const MetricsOptions& figures) {
  MetricsContext context;
  context.title = fmt::format("{} on {}", model.name, options.part);
  context.name = printable(context.title);
  context.unit = "recordings";
  context.warnings = warnings_of(options, evaluation, model);
  const std::string part = selecting_part(model, "selected_on", "dev");
  if (const std::string curves = curves_beside(options.checkpoint, part); !curves.empty()) {
    context.sections.push_back(
        {"Training",
         {},
         {{fmt::format("Loss on the training part and EER on the {} part.", part), curves}}});
  }
  context.run_card = {
      {"bonafide", kVersion},
      {"recipe", options.recipe},
      {"overrides", fmt::format("{}", fmt::join(options.overrides, " "))},
      {"checkpoint", fmt::format("{} (SHA-256 {})", options.checkpoint, evaluation.digest)},
      {"part", options.part},
      {"intervals", fmt::format("{} bootstrap resamples", kResamples)}};
  context.json = {
      {"version", kVersion},
      {"model", model.name},
      {"part", options.part},
      {"data",
       {{"recordings", evaluation.trials.size()}, {"fingerprint", evaluation.fingerprint}}}};
  context.json.update(metrics_json(figures));
  context.json["scores"] = "scores.csv";  // beside it, wherever the folder goes
  return context;
}

// The value of a dotted key, or null.
Json value_at(const Json& tree, std::string_view key) {
  const Json* at = &tree;
  for (const std::string_view part : split(key, '.')) {
    const auto next = at->is_object() ? at->find(part) : at->end();
    if (next == at->end()) return nullptr;
    at = &*next;
  }
  return *at;
}

// What the model was made with is how it is scored, whatever the recipe is for. Throws UsageError
// for an override that contradicts it.
void expect_agreement(const Recipe& recipe, const std::vector<std::string>& overrides,
                      const ModelDescription& model) {
  const Json theirs = {{"system", model.system},
                       {"model", model.model},
                       {"input", model.input},
                       {"score", model.score}};
  for (const std::string& override : overrides) {
    const std::string key = override.substr(0, override.find('='));
    const Json here = value_at(recipe.json(), key), there = value_at(theirs, key);
    if (there.is_null() || here == there) continue;
    throw UsageError(fmt::format("evaluate: {}: the model was made with {}, and is scored so",
                                 printable(override), printable(there.dump())));
  }
}

Evaluation score_part(const Options& options, const Recipe& recipe, const ModelFile& model,
                      const Place& place, Communicator& all) {
  Evaluation evaluation;
  evaluation.task = task_of(recipe);
  const WarnLine warn = [](const std::string& line) { say("bonafide: {}\n", line); };
  evaluation.trials =
      read_part(recipe, options.part, evaluation.task.judges, all.first() ? warn : nullptr);
  evaluation.fingerprint = fingerprint(evaluation.trials);
  expect_same(all, evaluation.fingerprint, "evaluate: the trials");
  BackendOptions backend_options = {.systems = options.systems};
  backend_options.threads = threads_of(recipe.integer("compute.threads"), place);
  backend_options.device = device_of(recipe.text("compute.device"), place);
  const Json& features = recipe.at("loader.features");
  if (features.is_string()) backend_options.features = features.get<std::string>();
  const auto backend = load_backend(model, backend_options);
  evaluation.part_names = backend->part_names();
  if (backend->compares() && !evaluation.task.verifies()) {
    settle_references(recipe, options.part, evaluation.trials, all.first() ? warn : nullptr);
  }
  const auto cache = open_audio_cache(recipe);
  const auto scoring = evaluation_options(model.description, recipe, cache.get());
  const auto progress = all.first() ? terminal_progress() : std::make_unique<NoProgress>();
  progress->start(options.part, evaluation.trials.size());
  evaluation.scored = score_trials(evaluation.trials, evaluation.task, backend->compares(),
                                   ask_by(score_together(all, *backend, scoring, *progress)));
  progress->finish();
  return evaluation;
}

// What one would ask of `bonafide metrics`.
MetricsOptions figures_wanted(const fs::path& folder, const Recipe& recipe,
                              const std::vector<Trial>& trials) {
  MetricsOptions options;
  options.scores = (folder / "scores.csv").string();
  options.json = (folder / "metrics.json").string();
  options.report = (folder / "report.html").string();
  options.by = factors_of(trials);
  options.cross = false;
  options.repeats = true;
  options.partial = true;
  options.resamples = kResamples;
  options.seed = static_cast<uint64_t>(recipe.integer("seed"));
  const Json& asv = recipe.at("evaluate.asv_scores");
  if (asv.is_string()) options.asv_scores = asv.get<std::string>();
  return options;
}

// Prints and writes what `bonafide metrics` makes of the score file.
void tell_figures(const Options& options, const Recipe& recipe, const Evaluation& evaluation,
                  const ModelDescription& model) {
  const MetricsOptions wanted = figures_wanted(options.output, recipe, evaluation.trials);
  const auto figures = evaluation.task.verifies() ? run_sasv_metrics : run_detector_metrics;
  Json json =
      figures(wanted, read_metrics_trials(wanted), context_of(options, evaluation, model, wanted));
  const Json by = json.value("by", Json::object());
  if (by.contains("attack")) json["attacks"] = by["attack"];  // its place in earlier versions
  write_atomically(wanted.json, json.dump(2) + "\n");
  fmt::print("\n{}\n", printable(wanted.report));
}

void make_folder(const fs::path& folder) {
  std::error_code code;
  fs::create_directories(folder, code);
  if (code) throw Error(describe_errno(folder, code.value()));
}

// What is written must not take the place of a training's files, or of a list that is read.
void expect_own_folder(const fs::path& folder, const Recipe& recipe) {
  std::error_code unknown;
  if (fs::exists(folder / "run.json", unknown)) {
    throw UsageError(fmt::format("evaluate: {}: is a training's folder; name another --output",
                                 printable(folder.native())));
  }
  std::vector<std::string> inputs;
  const Json data = recipe.at("data").flatten();
  for (const auto& [key, value] : data.items()) {
    if (value.is_string()) inputs.push_back(value.get<std::string>());
  }
  for (const char* name : {"scores.csv", "metrics.json", "report.html"}) {
    expect_no_input("evaluate", folder / name, inputs);
  }
}

// A model file says itself what it is; of other weights the recipe does.
RecipeWeights open_model(const Recipe& recipe, const Options& options) {
  const bool whole = !is_torchscript(recipe) && describes_itself(options.checkpoint);
  if (!whole) return read_weights(recipe, options.checkpoint, options.set, options.systems);
  if (!options.set.empty()) {
    throw UsageError(fmt::format("{}: --weights-from {}: a model file has one set of weights",
                                 printable(options.checkpoint), printable(options.set)));
  }
  return {read_model(options.checkpoint)};
}

int run(const Options& options) {
  const Recipe recipe = open_recipe(options.recipe, options.overrides);
  check_evaluation_recipe(recipe);
  // Before the work, for what is wrong with it.
  if (const Json& asv = recipe.at("evaluate.asv_scores"); asv.is_string()) {
    read_asv_system(asv.get<std::string>());
  }
  const auto [model, note] = open_model(recipe, options);
  // At once: a training that goes on may replace the file.
  const std::string digest = model_digest(options.checkpoint);
  if (model.self_described) expect_agreement(recipe, options.overrides, model.description);
  const Place place = place_from_environment();
  const std::string device = device_of(recipe.text("compute.device"), place);
  const auto all = join(place, find_device(device));
  if (all->first()) say_note(options.checkpoint, note);
  const fs::path folder = options.output;
  expect_own_folder(folder, recipe);
  if (all->first()) make_folder(folder);  // before the work: there may be no right to
  Evaluation evaluation = score_part(options, recipe, model, place, *all);
  evaluation.digest = digest;
  const bool whole = evaluation.scored.troubles.empty() && !evaluation.scored.interrupted;
  if (!all->first()) return whole ? 0 : 3;

  for (const std::string& trouble : evaluation.scored.troubles) {
    say("bonafide: {}\n", printable(trouble, 1000));
  }
  write_atomically(folder / "scores.csv", scores_csv(evaluation.trials, evaluation.scored,
                                                     evaluation.task, evaluation.part_names));
  if (evaluation.scored.interrupted) {
    say("bonafide: evaluate: interrupted; the scores so far are in {}\n",
        printable((folder / "scores.csv").string()));
    return 3;
  }
  tell_figures(options, recipe, evaluation, model.description);
  return whole ? 0 : 3;
}

}  // namespace

std::function<int()> declare_evaluate(CLI::App& app, const SystemTable& systems) {
  const auto options = std::make_shared<Options>(systems);
  app.add_option("recipe", options->recipe, "a YAML file, or the name of a built-in recipe")
      ->required();
  app.add_option("overrides", options->overrides, "key=value, with dotted keys");
  app.add_option(
         "--checkpoint", options->checkpoint,
         "a model file, the name of a model, or any published checkpoint of the recipe's network")
      ->required();
  app.add_option("--weights-from", options->set,
                 "which set of weights to take of a checkpoint that holds several (\"ema\"); "
                 "default: the plain one");
  app.add_option("--set", options->part, "which part of the data")
      ->check(CLI::IsMember({"eval", "dev", "train", "calibration"}))
      ->capture_default_str();
  app.add_option("-o,--output", options->output,
                 "folder for scores.csv, metrics.json and report.html")
      ->capture_default_str();
  app.footer(
      "Under a launcher (torchrun, srun, mpirun) each process scores its share, and the first one\n"
      "writes.\n\nExample:\n"
      "  bonafide evaluate aasist data.root=/data/LA --checkpoint runs/aasist/best.safetensors");
  return [options] { return run(*options); };
}

}  // namespace bonafide
