#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <span>

#include "base/digest.h"
#include "base/error.h"
#include "base/file.h"
#include "base/output_path.h"
#include "base/text.h"
#include "checkpoint/model_file.h"
#include "cli/recipe_argument.h"
#include "cli/say.h"
#include "cli/say_leftovers.h"
#include "cli/terminal.h"
#include "cli/torch_commands.h"
#include "cli/weights.h"
#include "processes/communicator.h"
#include "processes/score_together.h"
#include "recipe/recipe.h"
#include "scoring/calibration.h"
#include "scoring/inputs.h"
#include "scoring/pairs.h"
#include "scoring/row_writer.h"
#include "scoring/scorer.h"
#include "systems/torch_backend.h"

namespace bonafide {

namespace {

struct Options {
  const SystemTable& systems;
  std::string model;
  std::string checkpoint;
  std::string set;
  std::string reference;
  std::string calibration;
  std::string over;
  std::string precision;
  std::string format = "csv";
  std::string output;
  std::string embeddings;
  bool segments = false;
  size_t batch_size = 0;
  int threads = 0;
  std::vector<std::string> inputs;
};

void add_options(CLI::App& app, Options& options) {
  app.add_option("--model", options.model,
                 "a model file, or the name of a model inside the program (default: builtin); "
                 "with --checkpoint, a recipe");
  app.add_option("--checkpoint", options.checkpoint,
                 "weights; with --model RECIPE any published checkpoint of that network");
  app.add_option("--weights-from", options.set,
                 "which set of weights to take of a checkpoint that holds several (\"ema\"); "
                 "default: the plain one");
  app.add_option("--reference", options.reference,
                 "a bona fide recording to compare with, for systems that do; or @PAIRS, a list of "
                 "lines \"recording TAB reference\"");
  app.add_option("--over", options.over,
                 "the windows that make a recording's score: first, mean, or worst (default: as "
                 "the model says, first)")
      ->check(CLI::IsMember({"first", "mean", "worst"}));
  app.add_option("--precision", options.precision,
                 "of the arithmetic: float32 or bf16 (default: as the model learned); rows tell "
                 "bf16")
      ->check(CLI::IsMember({"float32", "bf16"}));
  app.add_option("--calibration", options.calibration,
                 "file of `bonafide fuse fit` for one score, instead of the model's own");
  app.add_flag("--segments", options.segments, "also score window after window (jsonl)");
  app.add_option("--format", options.format)
      ->check(CLI::IsMember(score_format_names()))
      ->capture_default_str();
  app.add_option("--output", options.output, "file for the scores, instead of standard output");
  app.add_option("--embeddings", options.embeddings,
                 "also a file of JSON lines: each recording's row with its embedding");
  app.add_option("--batch-size", options.batch_size,
                 "windows scored at once; 0: as many as are fastest")
      ->check(CLI::Range(0, 4096))
      ->capture_default_str();
  app.add_option("--threads", options.threads, "of the arithmetic; 0: all cores")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  app.add_option(
         "INPUT", options.inputs,
         "recordings, folders, @LIST (a file with one path a line), a CSV manifest with a "
         "column \"path\" or \"file\" (and \"start\" and \"end\" for stretches), a Kaldi directory "
         "with segments, a protocol of ASVspoof 2017 to 5 or PartialSpoof "
         "where the data set has it, or - for paths on standard input; "
         "/dev/stdin and any other pipe for one recording")
      ->required();
  app.footer(
      "Under a launcher (torchrun, srun, mpirun) each process scores its share, and the first one\n"
      "writes. Scores are higher for bona fide speech. Recordings that cannot be scored have an "
      "empty score and a reason.\n\nExamples:\n"
      "  bonafide score call.wav\n"
      "  bonafide score --model aasist.safetensors --format jsonl --segments recordings/\n"
      "  bonafide score --model aasist --checkpoint AASIST.pth --output scores.csv @list.txt");
}

// A checkpoint that does not describe itself takes its description from the recipe.
RecipeWeights open_model(const Options& options) {
  if (!options.set.empty() && (options.checkpoint.empty() || options.model.empty())) {
    throw UsageError("score: --weights-from: goes with --model RECIPE --checkpoint FILE");
  }
  if (options.checkpoint.empty()) {
    return {read_model(options.model.empty() ? "builtin" : options.model)};
  }
  if (options.model.empty()) return {read_model(options.checkpoint)};
  const Recipe recipe = open_recipe(options.model, {});
  RecipeWeights weights = read_weights(recipe, options.checkpoint, options.set, options.systems);
  if (!weights.model.self_described) weights.model.description.name = options.model;
  return weights;
}

// Where the rows go: a file that grows row by row, or standard output.
class Destination {
 public:
  explicit Destination(const std::string& path) : name_(path.empty() ? "standard output" : path) {
    if (path.empty()) return;
    file_.open(path, std::ios::binary | std::ios::trunc);
    if (!file_) throw Error(describe_errno(path, errno));
  }

  std::ostream& stream() { return file_.is_open() ? file_ : std::cout; }
  const std::string& name() const { return name_; }

 private:
  std::string name_;
  std::ofstream file_;
};

// A score file and its form.
class Output {
 public:
  Output(const std::string& path, ScoreFormat format, bool embeddings)
      : destination_(path),
        writer_(destination_.stream(), format, destination_.name(), embeddings) {}

  void write(const ScoreRow& row) { writer_.write(row); }

 private:
  Destination destination_;
  RowWriter writer_;
};

// A forgotten argument would end a recording.
void expect_inputs_stay(const std::vector<Input>& inputs, const Options& options) {
  std::vector<std::string> read = {
      options.model, options.checkpoint, options.calibration,
      options.reference.starts_with('@') ? options.reference.substr(1) : options.reference};
  for (const Input& input : inputs) read.push_back(input.location.path.native());
  for (const std::string& input : options.inputs) {
    read.push_back(input.starts_with('@') ? input.substr(1) : input);
  }
  expect_no_input("score", options.output, read);
  if (!options.embeddings.empty()) {
    read.push_back(options.output);
    expect_no_input("score", options.embeddings, read);
  }
}

void report(const ScoringSummary& summary, size_t wanted) {
  if (summary.interrupted) {
    say("bonafide: score: interrupted after {} of {} recordings\n", summary.scored + summary.failed,
        wanted);
  } else if (summary.failed > 0) {
    say("bonafide: score: {} of {} recordings could not be scored\n", summary.failed, wanted);
  }
}

int exit_status(const ScoringSummary& summary) {
  if (summary.scored == 0) return 1;
  return summary.failed > 0 || summary.interrupted ? 3 : 0;
}

// The same names in the same order everywhere: standard input, for one, goes to one process only.
void expect_same_inputs(Communicator& all, const std::vector<Input>& inputs) {
  std::string names;
  for (const Input& input : inputs) names += input.location.name() + '\n';
  expect_same(all, sha256(std::as_bytes(std::span(names))), "score: the inputs");
}

// The recordings, with those marked that the format cannot name.
std::vector<Input> read_inputs(const Options& options, ScoreFormat format, Leftovers& leftovers) {
  std::vector<Input> inputs = list_inputs(options.inputs, std::cin, &leftovers);
  mark_unnameable(inputs, format);
  if (inputs.empty()) throw Error("score: no recordings in the inputs");
  if (options.reference.empty()) return inputs;
  const auto others = set_references(inputs, options.reference);
  if (!others.empty()) {
    say("bonafide: note: {}: {} listed recordings are not in the inputs, the first: {}\n",
        printable(options.reference), others.size(), printable(others.front()));
  }
  return inputs;
}

// Writes the rows, of which only the first process has any to write, and says what failed where
// the format has no place for it.
class Rows {
 public:
  Rows(const Options& options, ScoreFormat format)
      : tells_failures_(format == ScoreFormat::kCsv || format == ScoreFormat::kJsonl),
        scores_(options.output, format, /*embeddings=*/false) {
    if (options.embeddings.empty()) return;
    embeddings_.emplace(options.embeddings, ScoreFormat::kJsonl, /*embeddings=*/true);
  }

  void write(const ScoreRow& row) {
    scores_.write(row);
    if (embeddings_) embeddings_->write(row);
    if (row.score || tells_failures_) return;
    failures_ += fmt::format("bonafide: {}: {}\n", printable(row.file), row.detail);
  }

  const std::string& failures() const { return failures_; }

 private:
  const bool tells_failures_;
  Output scores_;
  std::optional<Output> embeddings_;
  std::string failures_;
};

// How the model scores, as far as the command line leaves that to it.
ScoringOptions scoring_options(const Options& options, ScoreFormat format,
                               const ModelDescription& model) {
  ScoringOptions scoring = ScoringOptions::of(model);
  if (!options.calibration.empty()) scoring.calibration = read_calibration(options.calibration);
  if (!options.over.empty()) scoring.over = parse_over(options.over);
  if (!options.precision.empty()) scoring.precision = options.precision;
  scoring.batch_size = options.batch_size;
  scoring.segments = options.segments && format == ScoreFormat::kJsonl;
  return scoring;
}

std::unique_ptr<Backend> open_backend(const Options& options, const ModelFile& model,
                                      const std::string& precision, const Place& place) {
  BackendOptions backend_options = {.precision = precision, .systems = options.systems};
  backend_options.threads = threads_of(options.threads, place);
  auto backend = load_backend(model, backend_options);
  const std::string name = printable(model.description.name);
  if (!backend->judges_alone()) {
    throw UsageError(
        fmt::format("score: model \"{}\" judges a recording by the others of its batch; only "
                    "evaluate reproduces its scores",
                    name));
  }
  if (!options.reference.empty() && !backend->compares()) {
    throw UsageError(
        fmt::format("score: --reference: model \"{}\" judges a recording by itself; "
                    "only a system that compares two takes a reference",
                    name));
  }
  return backend;
}

int score(const Options& options) {
  const ScoreFormat format = parse_score_format(options.format);
  Leftovers leftovers;
  const auto inputs = read_inputs(options, format, leftovers);
  expect_inputs_stay(inputs, options);
  const Place place = place_from_environment();
  const auto all = join(place, torch::kCPU);
  if (all->size() > 1) expect_same_inputs(*all, inputs);
  if (all->first()) say_leftovers(leftovers);

  const auto [model, note] = open_model(options);
  if (all->first()) say_note(options.checkpoint, note);
  const ScoringOptions scoring = scoring_options(options, format, model.description);
  const auto backend = open_backend(options, model, scoring.precision, place);

  std::optional<Rows> rows;
  if (all->first()) rows.emplace(options, format);
  const auto progress = all->first() ? terminal_progress() : std::make_unique<NoProgress>();
  const ScoreAll score_all = score_together(*all, *backend, scoring, *progress);
  const ScoringSummary summary =
      score_all(inputs, !options.embeddings.empty(), [&](size_t, const ScoreRow& row) {
        if (rows) rows->write(row);
      });
  if (rows) {
    say("{}", rows->failures());
    report(summary, inputs.size());
  }
  return exit_status(summary);
}

}  // namespace

std::function<int()> declare_score(CLI::App& app, const SystemTable& systems) {
  const auto options = std::make_shared<Options>(systems);
  add_options(app, *options);
  return [options] { return score(*options); };
}

}  // namespace bonafide
