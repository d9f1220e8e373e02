#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <span>
#include <sstream>

#include "base/digest.h"
#include "base/error.h"
#include "base/file.h"
#include "base/output_path.h"
#include "base/recipe.h"
#include "base/text.h"
#include "checkpoint/model_file.h"
#include "cli/recipe_argument.h"
#include "cli/say.h"
#include "cli/say_leftovers.h"
#include "cli/terminal.h"
#include "cli/torch_commands.h"
#include "cli/weights.h"
#include "scoring/calibration.h"
#include "scoring/inputs.h"
#include "scoring/pairs.h"
#include "scoring/row_writer.h"
#include "scoring/scorer.h"
#include "systems/torch_backend.h"
#include "train/communicator.h"

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

// Rows on their way: of a single process each goes into the destination as it comes, of several
// into memory until the first process writes them all.
class Output {
 public:
  Output(const std::string& path, ScoreFormat format, bool embeddings, Communicator& all)
      : all_(all),
        destination_(all.first() ? path : ""),
        writer_(all.size() == 1 ? destination_.stream() : memory_, format, destination_.name(),
                embeddings) {
    if (!all.first()) memory_.str("");  // without the header
  }

  void write(const ScoreRow& row) { writer_.write(row); }

  void finish() {
    if (all_.size() == 1) return;
    for (const std::string& rows : all_.gather(memory_.str())) {
      if (all_.first()) write_or_say_where(destination_.stream(), rows, destination_.name());
    }
  }

 private:
  Communicator& all_;
  Destination destination_;
  std::ostringstream memory_;
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

// What the processes of a job tell the first one.
struct Share {
  std::string failures;  // lines for stderr
  ScoringSummary summary;
};

void join_shares(Communicator& all, Share& share) {
  const auto failures = all.gather(share.failures);
  const auto summaries = all.gather(fmt::format("{} {} {}", share.summary.scored,
                                                share.summary.failed, share.summary.interrupted));
  share = {};
  for (size_t rank = 0; rank < failures.size(); ++rank) {
    share.failures += failures[rank];
    std::istringstream numbers(summaries[rank]);
    ScoringSummary theirs;
    std::string interrupted;
    numbers >> theirs.scored >> theirs.failed >> interrupted;
    share.summary.scored += theirs.scored;
    share.summary.failed += theirs.failed;
    share.summary.interrupted = share.summary.interrupted || interrupted == "true";
  }
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

ScoringSummary write_scores(const std::vector<Input>& inputs, Backend& backend,
                            const ScoringOptions& scoring, std::span<Output* const> outputs,
                            Progress& progress, bool tells_failures, std::string& failures) {
  return score_inputs(inputs, backend, scoring, progress, [&](const ScoreRow& row) {
    for (Output* output : outputs) output->write(row);
    if (!row.score && !tells_failures) {
      failures += fmt::format("bonafide: {}: {}\n", printable(row.file), row.detail);
    }
  });
}

int score(const Options& options) {
  const ScoreFormat format = parse_score_format(options.format);
  const bool tells_failures = format == ScoreFormat::kCsv || format == ScoreFormat::kJsonl;
  Leftovers leftovers;
  const auto inputs = read_inputs(options, format, leftovers);
  expect_inputs_stay(inputs, options);
  const Place place = place_from_environment();
  const auto all = join(place, torch::kCPU);
  const bool alone = all->size() == 1;
  if (!alone) expect_same_inputs(*all, inputs);
  if (all->first()) say_leftovers(leftovers);

  const auto [model, note] = open_model(options);
  if (all->first()) say_note(options.checkpoint, note);
  ScoringOptions scoring = ScoringOptions::of(model.description);
  if (!options.calibration.empty()) scoring.calibration = read_calibration(options.calibration);
  if (!options.over.empty()) scoring.over = parse_over(options.over);
  scoring.batch_size = options.batch_size;
  scoring.segments = options.segments && format == ScoreFormat::kJsonl;
  BackendOptions backend_options = {.systems = options.systems};
  backend_options.threads = threads_of(options.threads, place);
  const auto backend = load_backend(model, backend_options);
  if (!backend->judges_alone()) {
    throw UsageError(
        fmt::format("score: model \"{}\" judges a recording by the others of its batch; only "
                    "evaluate reproduces its scores",
                    printable(model.description.name)));
  }
  if (!options.reference.empty() && !backend->compares()) {
    throw UsageError(
        fmt::format("score: --reference: model \"{}\" judges a recording by itself; "
                    "only a system that compares two takes a reference",
                    printable(model.description.name)));
  }

  Output scores(options.output, format, /*embeddings=*/false, *all);
  std::optional<Output> embeddings;
  std::vector<Output*> outputs = {&scores};
  if (!options.embeddings.empty()) {
    outputs.push_back(
        &embeddings.emplace(options.embeddings, ScoreFormat::kJsonl, /*embeddings=*/true, *all));
  }
  const auto [begin, end] = share_of(inputs.size(), all->rank(), all->size());
  const std::vector<Input> mine(inputs.begin() + static_cast<std::ptrdiff_t>(begin),
                                inputs.begin() + static_cast<std::ptrdiff_t>(end));
  const auto progress = all->first() ? terminal_progress() : std::make_unique<NoProgress>();
  Share share;
  share.summary =
      write_scores(mine, *backend, scoring, outputs, *progress, tells_failures, share.failures);
  for (Output* output : outputs) output->finish();
  if (!alone) join_shares(*all, share);
  if (all->first()) {
    say("{}", share.failures);
    report(share.summary, inputs.size());
  }
  return exit_status(share.summary);
}

}  // namespace

std::function<int()> declare_score(CLI::App& app, const SystemTable& systems) {
  const auto options = std::make_shared<Options>(systems);
  add_options(app, *options);
  return [options] { return score(*options); };
}

}  // namespace bonafide
