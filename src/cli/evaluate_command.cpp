#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
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
#include "cli/condition_table.h"
#include "cli/metrics_modes.h"
#include "cli/part_scorer.h"
#include "cli/recipe_argument.h"
#include "cli/say.h"
#include "cli/sensitivity.h"
#include "cli/torch_commands.h"
#include "cli/weights.h"
#include "evaluation/published_scores.h"
#include "evaluation/reference_condition.h"
#include "evaluation/score_table.h"
#include "evaluation/task.h"
#include "journal/journal.h"
#include "metrics/asv_scores.h"
#include "processes/communicator.h"
#include "recipe/recipe.h"
#include "report/detector_page.h"
#include "report/plots.h"
#include "systems/system.h"
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
  size_t sensitivity = 0;  // pairs; 0: not measured
};

// What was scored, and by what.
struct Result {
  const PartScorer& scorer;
  const ModelDescription& model;
  std::string digest;                   // of the model's file
  std::vector<Evaluation> evaluations;  // the first one is told in full
  std::vector<PageSection> sections = {};

  const Evaluation& first() const { return evaluations.front(); }
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

std::vector<std::string> warnings_of(const Options& options, const Result& result) {
  std::vector<std::string> warnings;
  const auto& troubles = result.first().scored.troubles;
  if (!troubles.empty()) {
    warnings.push_back(fmt::format("{} {} could not be scored; the first: {}", troubles.size(),
                                   result.scorer.task().verifies() ? "trials" : "recordings",
                                   troubles.front()));
  }
  const std::string also_on = selecting_part(result.model, "also_selected_on",
                                             selecting_part(result.model, "selected_on", "dev"));
  if (also_on == options.part && also_on != "dev") {
    warnings.push_back(fmt::format(
        "the model's epoch was chosen on the {} part: its EER there is no estimate for new data",
        also_on));
  }
  return warnings;
}

MetricsContext context_of(const Options& options, const Result& result,
                          const MetricsOptions& figures) {
  MetricsContext context;
  context.title = fmt::format("{} on {}", result.model.name, options.part);
  if (const std::string& condition = result.first().condition.name; !condition.empty()) {
    context.title += fmt::format(", reference: {}", condition);
  }
  context.name = printable(context.title);
  context.unit = "recordings";
  context.warnings = warnings_of(options, result);
  context.sections = result.sections;
  const std::string part = selecting_part(result.model, "selected_on", "dev");
  if (const std::string curves = curves_beside(options.checkpoint, part); !curves.empty()) {
    context.sections.push_back(
        {"Training",
         {},
         {{fmt::format("Loss on the training part and EER on the {} part.", part), curves}}});
  }
  const std::string& precision = result.scorer.scoring().precision;
  context.run_card = {
      {"bonafide", kVersion},
      {"recipe", options.recipe},
      {"overrides", fmt::format("{}", fmt::join(options.overrides, " "))},
      {"checkpoint", fmt::format("{} (SHA-256 {})", options.checkpoint, result.digest)},
      {"part", options.part},
      {"precision", precision},
      {"intervals", fmt::format("{} bootstrap resamples", kResamples)}};
  context.json = {{"version", kVersion},
                  {"model", result.model.name},
                  {"part", options.part},
                  {"precision", precision},
                  {"data",
                   {{"recordings", result.first().trials.size()},
                    {"fingerprint", result.scorer.fingerprint()}}}};
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
void tell_figures(const Options& options, const Recipe& recipe, const Result& result) {
  const MetricsOptions wanted = figures_wanted(options.output, recipe, result.first().trials);
  const auto figures = result.scorer.task().verifies() ? run_sasv_metrics : run_detector_metrics;
  Json json = figures(wanted, read_metrics_trials(wanted), context_of(options, result, wanted));
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

void write_scores(const fs::path& file, const Result& result, const Evaluation& evaluation) {
  write_atomically(file, scores_csv(evaluation.trials, evaluation.scored, result.scorer.task(),
                                    result.scorer.part_names()));
}

// The score file, one more for each condition, and those of the published form.
void write_all_scores(const Options& options, const Result& result) {
  const fs::path folder = options.output;
  write_scores(folder / "scores.csv", result, result.first());
  for (const Evaluation& evaluation : result.evaluations) {
    const std::string& condition = evaluation.condition.name;
    if (!condition.empty()) {
      make_folder(folder / "conditions");
      write_scores(folder / "conditions" / (file_part(condition) + ".csv"), result, evaluation);
    }
    if (const auto name = published_score_name(result.model, evaluation.condition)) {
      make_folder(folder / "scores");
      write_atomically(folder / "scores" / *name,
                       published_scores(evaluation.trials, evaluation.scored));
    }
  }
}

// The figures under all conditions, side by side.
void tell_conditions(const Options& options, const Recipe& recipe, Result& result) {
  if (result.first().condition.name.empty()) return;
  ConditionTable table = condition_table(result.evaluations, kResamples,
                                         static_cast<uint64_t>(recipe.integer("seed")));
  write_atomically(fs::path(options.output) / "conditions.csv", table.csv);
  fmt::print("{}\n", table.text);
  result.sections.push_back({"References", {std::move(table.html)}, {}});
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
  for (const char* name :
       {"scores.csv", "metrics.json", "report.html", "conditions.csv", "sensitivity.json"}) {
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

// How much the answers hang on the references, where that is asked for.
void tell_sensitivity(const Options& options, Result& result) {
  if (options.sensitivity == 0) return;
  const auto measured = measure_sensitivity(result.scorer, result.first(), options.sensitivity);
  write_atomically(fs::path(options.output) / "sensitivity.json",
                   measured.to_json().dump(2) + "\n");
  fmt::print("{}\n", sensitivity_text(measured));
  result.sections.push_back({"Sensitivity to the reference", {sensitivity_table(measured)}, {}});
}

// The precision that the command line asks for; "": the model's own.
std::string precision_wanted(const Options& options, const Recipe& recipe) {
  for (const std::string& override : options.overrides) {
    if (override.starts_with("compute.precision=")) return recipe.text("compute.precision");
  }
  return "";
}

// Under each condition, until somebody interrupts.
std::vector<Evaluation> evaluate_all(PartScorer& scorer,
                                     std::vector<ReferenceCondition> conditions) {
  if (conditions.empty()) conditions.emplace_back();
  std::vector<Evaluation> evaluations;
  for (const ReferenceCondition& condition : conditions) {
    evaluations.push_back(scorer.score(condition));
    if (evaluations.back().scored.interrupted) break;
  }
  return evaluations;
}

void say_troubles(const std::vector<Evaluation>& evaluations) {
  for (const Evaluation& evaluation : evaluations) {
    for (const std::string& trouble : evaluation.scored.troubles) {
      say("bonafide: {}\n", printable(trouble, 1000));
    }
  }
}

int run(const Options& options) {
  const Recipe recipe = open_recipe(options.recipe, options.overrides);
  check_evaluation_recipe(recipe);
  const auto conditions = conditions_of(recipe);
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
  PartScorer scorer(recipe, options.part, model, precision_wanted(options, recipe), options.systems,
                    place, *all);
  Result result = {scorer, model.description, digest, evaluate_all(scorer, conditions)};
  const auto is_whole = [](const Evaluation& e) {
    return e.scored.troubles.empty() && !e.scored.interrupted;
  };
  const bool whole = std::ranges::all_of(result.evaluations, is_whole);
  if (!all->first()) return whole ? 0 : 3;

  say_troubles(result.evaluations);
  write_all_scores(options, result);
  if (result.evaluations.back().scored.interrupted) {
    say("bonafide: evaluate: interrupted; the scores so far are in {}\n",
        printable((folder / "scores.csv").string()));
    return 3;
  }
  tell_conditions(options, recipe, result);
  tell_sensitivity(options, result);
  tell_figures(options, recipe, result);
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
  app.add_option("--sensitivity", options->sensitivity,
                 "also measure, by so many trials, how much the answers of a system that compares "
                 "hang on the references");
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
