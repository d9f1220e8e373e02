#include "train/judge.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/json_value.h"
#include "base/text.h"
#include "checkpoint/model_file.h"
#include "evaluation/part_scores.h"
#include "evaluation/score_table.h"
#include "loading/references.h"
#include "metrics/affine_calibration.h"
#include "metrics/asv_scores.h"
#include "processes/score_together.h"
#include "scoring/calibration.h"
#include "tensor/state.h"

namespace bonafide {

namespace {

std::vector<Trial> judged_part(const Recipe& recipe, const std::string& key, PartNeeds needs,
                               const System& system, const WarnLine& warn) {
  std::vector<Trial> trials = read_part(recipe, key, needs, warn);
  if (system.compares() && needs != PartNeeds::kTrials) {
    settle_references(recipe, key, trials, warn);
  }
  return trials;
}

std::vector<Trial> selecting_part(const Recipe& recipe, const EpochSelection& selection,
                                  const System& system, const WarnLine& warn) {
  if (!selection.chooses()) return {};
  return judged_part(recipe, selection.part, task_of(recipe).judges, system, warn);
}

std::vector<Trial> calibration_part(const Recipe& recipe, const System& system,
                                    const WarnLine& warn) {
  if (recipe.at("data.calibration").is_null()) return {};
  return judged_part(recipe, "calibration", PartNeeds::kBothClasses, system, warn);
}

std::vector<Trial> test_part(const Recipe& recipe, const System& system, const WarnLine& warn) {
  if (!recipe.flag("train.best_on_eval")) return {};
  return judged_part(recipe, "eval", PartNeeds::kBothClasses, system, warn);
}

// The speaker verification of evaluate.asv_scores, for the t-DCF.
std::optional<AsvSystem> asv_system(const Recipe& recipe) {
  const Json& path = recipe.at("evaluate.asv_scores");
  if (path.is_null()) return std::nullopt;
  const AsvSystem asv = read_asv_system(path.get<std::string>());
  if (recipe.flag("train.best_on_eval") && !asv.reason.empty()) {
    throw UsageError(fmt::format("train.best_on_eval: there is no t-DCF to choose by: {} in {}",
                                 asv.reason, printable(path.get<std::string>())));
  }
  return asv;
}

// That of the model files which the run writes.
Precision scoring_precision(const Recipe& recipe, torch::Device device) {
  const auto model = ModelDescription::from_recipe(recipe);
  return parse_precision(ScoringOptions::of(model).precision, device);
}

}  // namespace

Judge::Judge(const Recipe& recipe, System& system, const Frontend& frontend, torch::Device device,
             const AudioCache* cache, Communicator& all, Progress& progress, WarnLine warn)
    : recipe_(recipe),
      task_(task_of(recipe)),
      selection_(selection_of(recipe)),
      system_(system),
      backend_(system, frontend, device, torch::kFloat32, scoring_precision(recipe, device)),
      scoring_(evaluation_options(ModelDescription::from_recipe(recipe), recipe, cache)),
      all_(all),
      progress_(progress),
      warn_(all.first() ? std::move(warn) : [](const std::string&) {}),
      ask_(ask_by(score_together(all, backend_, scoring_, progress))),
      trials_(selecting_part(recipe, selection_, system, warn_)),
      test_trials_(test_part(recipe, system, warn_)),
      calibration_trials_(calibration_part(recipe, system, warn_)),
      asv_(asv_system(recipe)) {
  if (selection_.chooses()) expect_figure(trials_, task_, selection_);
  if (asv_ && !asv_->reason.empty()) {
    warn_(fmt::format("evaluate.asv_scores: {}: no t-DCF", asv_->reason));
  }
}

std::vector<std::pair<std::string, size_t>> Judge::parts() const {
  std::vector<std::pair<std::string, size_t>> parts;
  if (!trials_.empty()) parts.emplace_back(selection_.part, trials_.size());
  if (!test_trials_.empty()) parts.emplace_back("eval", test_trials_.size());
  if (!calibration_trials_.empty()) parts.emplace_back("calibration", calibration_trials_.size());
  return parts;
}

std::vector<std::pair<std::string, const std::vector<Trial>*>> Judge::with_recorded_part(
    const std::string& name, const std::vector<Trial>& trials) const {
  std::vector<std::pair<std::string, const std::vector<Trial>*>> parts = {{name, &trials}};
  if (selection_.chooses()) parts.emplace_back(selection_.part, &trials_);
  return parts;
}

TrialScores Judge::score(const std::vector<Trial>& trials, const Task& task,
                         const std::string& title) {
  progress_.start(title, trials.size());
  TrialScores scored = score_trials(trials, task, backend_.compares(), ask_);
  progress_.finish();
  return scored;
}

// Nothing when interrupted; recordings that cannot be read end the run or are left out.
std::optional<TrialScores> Judge::score_whole(const std::vector<Trial>& trials,
                                              const std::string& part) {
  TrialScores scored = score(trials, task_, part);
  if (scored.interrupted) return std::nullopt;
  if (!scored.troubles.empty()) {
    if (recipe_.text("train.broken_files") != "skip") throw Error(scored.troubles.front());
    warn_(fmt::format("{}: {} {} left out, the first: {}", part, scored.troubles.size(),
                      task_.verifies() ? "trials" : "recordings", scored.troubles.front()));
  }
  return scored;
}

std::optional<PartFigures> Judge::figures(const std::filesystem::path& scores) {
  const auto scored = score_whole(trials_, selection_.part);
  if (!scored) return std::nullopt;
  if (all_.first() && recipe_.flag("train.keep_scores")) {
    std::filesystem::create_directories(scores.parent_path());
    write_atomically(scores, scores_csv(trials_, *scored, task_, backend_.part_names()));
  }
  return figures_of(trials_, *scored, task_, selection_, asv_);
}

std::optional<PartFigures> Judge::test_figures() {
  const auto scored = score_whole(test_trials_, "eval");
  if (!scored) return std::nullopt;
  return figures_of(test_trials_, *scored, task_, selection_, asv_);
}

bool Judge::calibrate(const std::filesystem::path& path) {
  if (calibration_trials_.empty()) return true;
  all_.gather({});  // nobody reads what rank 0 has not written yet
  ModelFile model = read_model(path.string());
  load_state(system_.module(), model.file, path.string());
  const TrialScores scored = score(calibration_trials_, {}, "calibration");
  if (scored.interrupted) return false;
  if (!all_.first()) return true;
  const ClassScores classes = scores_by_class(calibration_trials_, scored);
  const AffineFit fit = fit_affine_calibration(classes.bona_fide, classes.spoof);
  if (!(fit.scale > 0)) {
    warn_("calibration: higher scores are not more bona fide here; none is stored");
    return true;
  }
  Calibration calibration;
  calibration.scale = fit.scale;
  calibration.bias = fit.bias;
  model.description.calibration = calibration.to_json();
  write_model(path, model.description, model.file);
  return true;
}

}  // namespace bonafide
