#include "cli/part_scorer.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/json_value.h"
#include "base/text.h"
#include "cli/say.h"
#include "cli/terminal.h"
#include "evaluation/part_scores.h"
#include "evaluation/parts.h"
#include "loading/loading.h"
#include "loading/references.h"
#include "processes/score_together.h"
#include "train/run_record.h"

namespace bonafide {

namespace {

void warn(const std::string& line) { say("bonafide: {}\n", line); }

BackendOptions backend_options(const Recipe& recipe, const SystemTable& systems,
                               const Place& place) {
  BackendOptions options = {.systems = systems};
  options.threads = threads_of(recipe.integer("compute.threads"), place);
  options.device = device_of(recipe.text("compute.device"), place);
  const Json& features = recipe.at("loader.features");
  if (features.is_string()) options.features = features.get<std::string>();
  return options;
}

// The same network, attending to something else.
ModelFile attending_to(const ModelFile& model, const std::string& network) {
  if (network.empty()) return model;
  const Json& options = model.description.model;
  if (model.description.system != "pair" || options.value("classifier", "") != "rat") {
    throw UsageError(fmt::format(
        "reference.conditions: \"{}\": only the classifier rat attends to something else than the "
        "reference",
        network));
  }
  ModelFile changed = model;
  changed.description.model["reference"] = network;
  return changed;
}

}  // namespace

PartScorer::PartScorer(const Recipe& recipe, const std::string& key, const ModelFile& model,
                       const std::string& precision, const SystemTable& systems, const Place& place,
                       Communicator& all)
    : recipe_(recipe),
      key_(key),
      model_(model),
      all_(all),
      task_(task_of(recipe)),
      cache_(open_audio_cache(recipe)),
      options_(backend_options(recipe, systems, place)),
      scoring_(evaluation_options(model.description, recipe, cache_.get())),
      trials_(read_part(recipe, key, task_.judges, all.first() ? warn : WarnLine())),
      fingerprint_(bonafide::fingerprint(trials_)) {
  expect_same(all, fingerprint_, "evaluate: the trials");
  if (!precision.empty()) scoring_.precision = precision;
  options_.precision = scoring_.precision;
  scoring_.seed = static_cast<uint64_t>(recipe.integer("seed"));
  open("");
  if (all.first() && !backend_->compares()) note_unused_references(recipe, warn);
}

void PartScorer::open(const std::string& network) {
  if (backend_ != nullptr && network == network_) return;
  backend_.reset();  // two large models may not fit
  backend_ = load_backend(attending_to(model_, network), options_);
  network_ = network;
}

std::unique_ptr<System> PartScorer::load_system() const {
  return bonafide::load_system(model_, options_);
}

void PartScorer::expect_comparison(const ReferenceCondition& condition) const {
  if (condition.name.empty()) return;
  if (task_.verifies()) {
    throw UsageError("reference.conditions: verification trials bring their own enrolments");
  }
  if (!backend_->compares() && condition.network.empty()) {
    throw UsageError(
        fmt::format("reference.conditions: \"{}\": model \"{}\" judges a recording by itself",
                    printable(condition.name), printable(model_.description.name)));
  }
}

Evaluation PartScorer::score(const ReferenceCondition& condition) {
  open(condition.network);
  expect_comparison(condition);
  Evaluation evaluation = {condition, trials_, {}};
  if (backend_->compares() && !task_.verifies()) {
    settle_references(recipe_, key_, evaluation.trials, all_.first() ? warn : WarnLine(),
                      condition.draw);
  }
  scoring_.reference_sound = condition.sound;
  const auto progress = all_.first() ? terminal_progress() : std::make_unique<NoProgress>();
  progress->start(condition.name.empty() ? key_ : key_ + " " + condition.name,
                  evaluation.trials.size());
  evaluation.scored = score_trials(evaluation.trials, task_, backend_->compares(),
                                   ask_by(score_together(all_, *backend_, scoring_, *progress)));
  progress->finish();
  return evaluation;
}

}  // namespace bonafide
