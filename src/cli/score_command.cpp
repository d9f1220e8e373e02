#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <iostream>
#include <memory>

#include "base/error.h"
#include "base/file.h"
#include "base/recipe.h"
#include "base/text.h"
#include "checkpoint/model_file.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "cli/weights.h"
#include "scoring/calibration.h"
#include "scoring/inputs.h"
#include "scoring/row_writer.h"
#include "scoring/scorer.h"
#include "systems/torch_backend.h"

namespace bonafide {

namespace {

struct Options {
  std::string model;
  std::string checkpoint;
  std::string reference;
  std::string calibration;
  std::string format = "csv";
  std::string output;
  bool segments = false;
  size_t batch_size = 1;
  int threads = 0;
  std::vector<std::string> inputs;
};

void add_options(CLI::App& app, Options& options) {
  app.add_option("--model", options.model,
                 "a model file, or the name of a model inside the program (default: builtin); "
                 "with --checkpoint, a recipe");
  app.add_option("--checkpoint", options.checkpoint,
                 "weights; with --model RECIPE any published checkpoint of that network");
  app.add_option("--reference", options.reference,
                 "a bona fide recording to compare with, for systems that do");
  app.add_option("--calibration", options.calibration,
                 "file of `bonafide fuse fit` for one score, instead of the model's own");
  app.add_flag("--segments", options.segments, "also score window after window (jsonl)");
  app.add_option("--format", options.format)
      ->check(CLI::IsMember(score_format_names()))
      ->capture_default_str();
  app.add_option("--output", options.output, "file for the scores, instead of standard output");
  app.add_option("--batch-size", options.batch_size,
                 "windows scored at once; a processor is fastest with 1")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
  app.add_option("--threads", options.threads, "of the arithmetic; 0: all cores")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  app.add_option("INPUT", options.inputs,
                 "recordings, folders, @LIST (a file with one path a line), a CSV manifest with a "
                 "column \"path\", or - for paths on standard input")
      ->required();
  app.footer(
      "Scores are higher for bona fide speech. Recordings that cannot be scored have an empty "
      "score "
      "and a reason.\n\nExamples:\n"
      "  bonafide score call.wav\n"
      "  bonafide score --model aasist.safetensors --format jsonl --segments recordings/\n"
      "  bonafide score --model aasist --checkpoint AASIST.pth --output scores.csv @list.txt");
}

// A checkpoint that does not describe itself takes its description from the recipe.
ModelFile open_model(const Options& options) {
  if (options.checkpoint.empty()) {
    return read_model(options.model.empty() ? "builtin" : options.model);
  }
  if (options.model.empty()) return read_model(options.checkpoint);
  const Recipe recipe = Recipe::load(options.model, {});
  ModelFile model = read_weights(recipe, options.checkpoint);
  model.description.name = options.model;
  return model;
}

// Where the rows go: a file that grows row by row, or standard output.
class Destination {
 public:
  explicit Destination(const std::string& path) {
    if (path.empty()) return;
    file_.open(path, std::ios::binary | std::ios::trunc);
    if (!file_) throw Error(describe_errno(path, errno));
  }

  std::ostream& stream() { return file_.is_open() ? file_ : std::cout; }

 private:
  std::ofstream file_;
};

void report(const ScoringSummary& summary, size_t wanted) {
  if (summary.interrupted) {
    fmt::print(stderr, "bonafide: score: interrupted after {} of {} recordings\n",
               summary.scored + summary.failed, wanted);
  } else if (summary.failed > 0) {
    fmt::print(stderr, "bonafide: score: {} of {} recordings could not be scored\n", summary.failed,
               wanted);
  }
}

int exit_status(const ScoringSummary& summary) {
  if (summary.scored == 0) return 1;
  return summary.failed > 0 || summary.interrupted ? 3 : 0;
}

int score(const Options& options) {
  const ScoreFormat format = parse_score_format(options.format);
  const bool tells_failures = format == ScoreFormat::kCsv || format == ScoreFormat::kJsonl;
  const auto files = expand_inputs(options.inputs, std::cin);
  if (files.empty()) throw Error("score: no recordings in the inputs");

  const ModelFile model = open_model(options);
  if (!options.reference.empty()) {
    throw UsageError(
        fmt::format("score: --reference: model \"{}\" judges a recording by itself; "
                    "only a system that compares two takes a reference",
                    printable(model.description.name)));
  }
  ScoringOptions scoring = ScoringOptions::of(model.description);
  if (!options.calibration.empty()) scoring.calibration = read_calibration(options.calibration);
  scoring.batch_size = options.batch_size;
  scoring.segments = options.segments && format == ScoreFormat::kJsonl;
  BackendOptions backend_options;
  backend_options.threads = options.threads;
  const auto backend = load_backend(model, backend_options);

  Destination destination(options.output);
  RowWriter writer(destination.stream(), format);
  std::vector<std::string> failures;
  const auto sink = [&](const ScoreRow& row) {
    writer.write(row);
    if (!row.score && !tells_failures) {
      failures.push_back(fmt::format("bonafide: {}: {}\n", printable(row.file), row.detail));
    }
  };
  const auto progress = terminal_progress();
  const ScoringSummary summary = score_files(files, *backend, scoring, *progress, sink);
  for (const std::string& failure : failures) fmt::print(stderr, "{}", failure);
  report(summary, files.size());
  return exit_status(summary);
}

}  // namespace

std::function<int()> declare_score(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  add_options(app, *options);
  return [options] { return score(*options); };
}

}  // namespace bonafide
