#include "train/judge.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "checkpoint/model_file.h"
#include "metrics/affine_calibration.h"
#include "scoring/calibration.h"
#include "tensor/state.h"
#include "train/parts.h"
#include "train/references.h"
#include "train/score_table.h"

namespace bonafide {

namespace {

std::vector<Trial> judged_part(const Recipe& recipe, const std::string& key, const System& system,
                               const WarnLine& warn) {
  std::vector<Trial> trials = read_labelled_part(recipe, key, warn);
  if (system.compares()) settle_references(recipe, key, trials, warn);
  return trials;
}

std::vector<Trial> calibration_part(const Recipe& recipe, const System& system,
                                    const WarnLine& warn) {
  if (recipe.at("data.calibration").is_null()) return {};
  return judged_part(recipe, "calibration", system, warn);
}

std::vector<Trial> test_part(const Recipe& recipe, const System& system, const WarnLine& warn) {
  if (!recipe.flag("train.best_on_eval")) return {};
  return judged_part(recipe, "eval", system, warn);
}

}  // namespace

Judge::Judge(const Recipe& recipe, System& system, const Frontend& frontend, torch::Device device,
             const AudioCache* cache, Communicator& all, Progress& progress, WarnLine warn)
    : recipe_(recipe),
      system_(system),
      backend_(system, frontend, device),
      scoring_(evaluation_options(ModelDescription::from_recipe(recipe), recipe, cache)),
      all_(all),
      progress_(progress),
      warn_(all.first() ? std::move(warn) : [](const std::string&) {}),
      part_(recipe.text("train.select")),
      trials_(judged_part(recipe, part_, system, warn_)),
      test_trials_(test_part(recipe, system, warn_)),
      calibration_trials_(calibration_part(recipe, system, warn_)),
      asv_(asv_system(recipe)) {
  if (asv_ && !asv_->reason.empty()) {
    warn_(fmt::format("evaluate.asv_scores: {}: no t-DCF", asv_->reason));
  }
}

std::vector<std::pair<std::string, size_t>> Judge::parts() const {
  std::vector<std::pair<std::string, size_t>> parts = {{part_, trials_.size()}};
  if (!test_trials_.empty()) parts.emplace_back("eval", test_trials_.size());
  if (!calibration_trials_.empty()) parts.emplace_back("calibration", calibration_trials_.size());
  return parts;
}

ScoredTrials Judge::score(const std::vector<Trial>& trials, const std::string& title) {
  progress_.start(title, trials.size());
  ScoredTrials scored = score_trials(trials, backend_, scoring_, progress_, &all_);
  progress_.finish();
  return scored;
}

// Nothing when interrupted; recordings that cannot be read end the run or are left out.
std::optional<ScoredTrials> Judge::score_whole(const std::vector<Trial>& trials,
                                               const std::string& part) {
  ScoredTrials scored = score(trials, part);
  if (scored.interrupted) return std::nullopt;
  if (!scored.troubles.empty()) {
    if (recipe_.text("train.broken_files") != "skip") throw Error(scored.troubles.front());
    warn_(fmt::format("{}: {} recordings left out, the first: {}", part, scored.troubles.size(),
                      scored.troubles.front()));
  }
  return scored;
}

DetectorResult Judge::figures_of(const ScoredTrials& scored) const {
  DetectorOptions options;
  options.asv = asv_;
  return evaluate_detector(scored.bona_fide, scored.spoof, options);
}

std::optional<DetectorResult> Judge::figures(const std::filesystem::path& scores) {
  const auto scored = score_whole(trials_, part_);
  if (!scored) return std::nullopt;
  if (all_.first() && recipe_.flag("train.keep_scores")) {
    std::filesystem::create_directories(scores.parent_path());
    write_atomically(scores, scores_csv(trials_, scored->scores));
  }
  return figures_of(*scored);
}

std::optional<DetectorResult> Judge::test_figures() {
  const auto scored = score_whole(test_trials_, "eval");
  if (!scored) return std::nullopt;
  return figures_of(*scored);
}

bool Judge::calibrate(const std::filesystem::path& path) {
  if (calibration_trials_.empty()) return true;
  all_.gather({});  // nobody reads what rank 0 has not written yet
  ModelFile model = read_model(path.string());
  load_state(system_.module(), model.file, path.string());
  const ScoredTrials scored = score(calibration_trials_, "calibration");
  if (scored.interrupted) return false;
  if (!all_.first()) return true;
  const AffineFit fit = fit_affine_calibration(scored.bona_fide, scored.spoof);
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
