#include "train/recipe_check.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/json_value.h"
#include "base/text.h"
#include "evaluation/epoch_selection.h"
#include "evaluation/task.h"
#include "journal/comet.h"
#include "processes/communicator.h"
#include "scoring/scoring_options.h"
#include "train/start.h"

namespace bonafide {

namespace {

// The rules, each of which throws UsageError naming the key.
class Rules {
 public:
  explicit Rules(const Recipe& recipe) : recipe_(recipe) {}

  void at_least_one(const char* key) const {
    if (recipe_.integer(key) < 1) throw UsageError(fmt::format("{}: wants at least 1", key));
  }
  void one_of(const char* key, std::initializer_list<std::string_view> words) const {
    const std::string word = recipe_.text(key);
    if (std::find(words.begin(), words.end(), word) == words.end()) {
      throw UsageError(fmt::format("{}: \"{}\" is not one of: {}", key, printable(word),
                                   fmt::join(words, ", ")));
    }
  }
  void between(const char* key, double low, double high) const {
    const double value = recipe_.number(key);
    if (!(value >= low && value <= high)) {
      throw UsageError(fmt::format("{}: {} is not between {} and {}", key, value, low, high));
    }
  }
  void null_or_above_0(const char* key) const {
    const Json& value = recipe_.at(key);
    if (!value.is_null() && !(value.is_number() && value.get<double>() > 0)) {
      throw UsageError(fmt::format("{}: wants a number above 0, or ~", key));
    }
  }
  void null_or_whole(const char* key, int64_t least) const {
    const Json& value = recipe_.at(key);
    if (!value.is_null() && !(value.is_number_integer() && value.get<int64_t>() >= least)) {
      throw UsageError(fmt::format("{}: wants a whole number from {} on, or ~", key, least));
    }
  }
  void null_or_text(const char* key) const {
    const Json& value = recipe_.at(key);
    if (!value.is_null() && !value.is_string()) {
      throw UsageError(fmt::format("{}: wants a text, or ~", key));
    }
  }

 private:
  const Recipe& recipe_;
};

// What only a part that chooses gives a meaning is refused where none does; train.average, which is
// on by default, then averages nothing.
void check_selection(const Recipe& recipe) {
  const bool chooses = selection_of(recipe).chooses();
  const bool verifies = task_of(recipe).verifies();
  const auto refuse = [](bool given, const char* key, const char* why) {
    if (given) throw UsageError(fmt::format("{}: {}", key, why));
  };
  constexpr const char* kNoPart = "train.select is ~: no part chooses the best epoch";
  if (!chooses) {
    refuse(!recipe.at("train.patience").is_null(), "train.patience", kNoPart);
    refuse(!recipe.at("train.select_by").is_null(), "train.select_by", kNoPart);
    refuse(recipe.flag("train.best_on_eval"), "train.best_on_eval", kNoPart);
    refuse(recipe.flag("train.keep_scores"), "train.keep_scores", kNoPart);
    refuse(recipe.at("schedule.name") == "plateau", "schedule.name: plateau", kNoPart);
  }
  constexpr const char* kDetection = "goes with detection, not with task.judge: verification";
  refuse(verifies && recipe.flag("train.best_on_eval"), "train.best_on_eval", kDetection);
  refuse(verifies && !recipe.at("data.calibration").is_null(), "data.calibration", kDetection);
}

}  // namespace

void check_evaluation_recipe(const Recipe& recipe) {
  const Rules rules(recipe);
  rules.between("compute.threads", 0, kMostThreads);
  rules.between("compute.loaders", 1, 1024);
  rules.between("evaluate.buckets", 0, 1e6);
  rules.null_or_whole("evaluate.batch_size", 1);
  rules.null_or_whole("data.limit", 1);
  rules.one_of("reference.draw", {"speaker", "other_speaker", "listed"});
  rules.one_of("reference.missing", {"stop", "skip"});
  for (const char* key : {"data.root", "loader.cache", "loader.features", "evaluate.asv_scores"}) {
    rules.null_or_text(key);
  }
  if (task_of(recipe).verifies() && !recipe.at("evaluate.asv_scores").is_null()) {
    throw UsageError("evaluate.asv_scores: goes with detection, not with task.judge: verification");
  }
}

void check_training_recipe(const Recipe& recipe) {
  check_evaluation_recipe(recipe);
  const Rules rules(recipe);
  for (const char* key : {"train.epochs", "train.batch_size", "train.accumulate"}) {
    rules.at_least_one(key);
  }
  // What is trained must be scored.
  rules.between("input.sample_rate", kLowestRate, kHighestRate);
  rules.between("input.samples", 1, kLongestWindow);
  if (!(recipe.number("optimizer.lr") > 0)) throw UsageError("optimizer.lr: wants more than 0");
  for (const Json& beta : recipe.at("optimizer.betas")) {
    if (!beta.is_number() || !(beta >= 0 && beta < 1)) {
      throw UsageError("optimizer.betas: wants two numbers from 0 to below 1");
    }
  }
  const bool scores_whole = recipe.at("input.crop.stretch") == "whole";
  if (recipe.text("train.crop") == "whole" && !scores_whole) {
    throw UsageError("train.crop: whole recordings are for systems with input.crop.stretch: whole");
  }
  rules.one_of("train.broken_files", {"stop", "skip"});
  if (!recipe.at("train.select").is_null()) rules.one_of("train.select", {"dev", "eval"});
  rules.one_of("train.ties", {"first", "last"});
  check_selection(recipe);
  if (recipe.flag("train.best_on_eval")) {
    if (recipe.at("evaluate.asv_scores").is_null()) {
      throw UsageError("train.best_on_eval: the t-DCF wants evaluate.asv_scores");
    }
    if (recipe.at("train.select") == "eval") {
      throw UsageError("train.best_on_eval: train.select is eval already");
    }
  }
  CometOptions::of(recipe);
  read_starts(recipe.at("init"));
  for (const char* key : {"train.clip_norm", "train.ema", "train.max_minutes"}) {
    rules.null_or_above_0(key);
  }
  rules.null_or_whole("train.patience", 1);
  rules.null_or_whole("train.early_crop.samples", 1);
  rules.null_or_whole("train.unfreeze_epoch", 0);
  rules.null_or_whole("train.tuples.speakers", 1);
  rules.null_or_whole("schedule.max_steps", 1);
  for (const char* key : {"comet.project", "comet.workspace", "comet.experiment"}) {
    rules.null_or_text(key);
  }
  rules.between("optimizer.weight_decay", 0, 1e6);
  rules.between("schedule.lr_min", 0, 1e6);
  if (recipe.at("train.ema").is_number() && recipe.number("train.ema") >= 1) {
    throw UsageError("train.ema: wants a number between 0 and 1, or ~");
  }
}

}  // namespace bonafide
