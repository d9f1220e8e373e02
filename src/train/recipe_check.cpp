#include "train/recipe_check.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/text.h"
#include "scoring/scoring_options.h"
#include "train/comet.h"
#include "train/communicator.h"

namespace bonafide {

void check_training_recipe(const Recipe& recipe) {
  const auto at_least_one = [&](const char* key) {
    if (recipe.integer(key) < 1) throw UsageError(fmt::format("{}: wants at least 1", key));
  };
  at_least_one("train.epochs");
  at_least_one("train.batch_size");
  at_least_one("train.accumulate");
  const auto one_of = [&](const char* key, std::initializer_list<std::string_view> words) {
    const std::string word = recipe.text(key);
    if (std::find(words.begin(), words.end(), word) == words.end()) {
      throw UsageError(fmt::format("{}: \"{}\" is not one of: {}", key, printable(word),
                                   fmt::join(words, ", ")));
    }
  };
  const auto between = [&](const char* key, double low, double high) {
    const double value = recipe.number(key);
    if (!(value >= low && value <= high)) {
      throw UsageError(fmt::format("{}: {} is not between {} and {}", key, value, low, high));
    }
  };
  // What is trained must be scored.
  between("input.sample_rate", kLowestRate, kHighestRate);
  between("input.samples", 1, kLongestWindow);
  between("compute.loaders", 1, 1024);
  if (!(recipe.number("optimizer.lr") > 0)) throw UsageError("optimizer.lr: wants more than 0");
  for (const Json& beta : recipe.at("optimizer.betas")) {
    if (!beta.is_number() || !(beta >= 0 && beta < 1)) {
      throw UsageError("optimizer.betas: wants two numbers from 0 to below 1");
    }
  }
  one_of("train.broken_files", {"stop", "skip"});
  one_of("train.select", {"dev", "eval"});
  one_of("train.ties", {"first", "last"});
  if (recipe.flag("train.best_on_eval")) {
    if (recipe.at("evaluate.asv_scores").is_null()) {
      throw UsageError("train.best_on_eval: the t-DCF wants evaluate.asv_scores");
    }
    if (recipe.text("train.select") == "eval") {
      throw UsageError("train.best_on_eval: train.select is eval already");
    }
  }
  CometOptions::of(recipe);
  const auto null_or_above_0 = [&](const char* key) {
    const Json& value = recipe.at(key);
    if (!value.is_null() && !(value.is_number() && value.get<double>() > 0)) {
      throw UsageError(fmt::format("{}: wants a number above 0, or ~", key));
    }
  };
  const auto null_or_whole = [&](const char* key, int64_t least) {
    const Json& value = recipe.at(key);
    if (!value.is_null() && !(value.is_number_integer() && value.get<int64_t>() >= least)) {
      throw UsageError(fmt::format("{}: wants a whole number from {} on, or ~", key, least));
    }
  };
  const auto null_or_text = [&](const char* key) {
    const Json& value = recipe.at(key);
    if (!value.is_null() && !value.is_string()) {
      throw UsageError(fmt::format("{}: wants a text, or ~", key));
    }
  };
  null_or_above_0("train.clip_norm");
  null_or_above_0("train.ema");
  null_or_above_0("train.max_minutes");
  null_or_whole("train.patience", 1);
  null_or_whole("train.unfreeze_epoch", 0);
  null_or_whole("train.tuples.speakers", 1);
  null_or_whole("data.limit", 1);
  null_or_whole("schedule.max_steps", 1);
  null_or_whole("evaluate.batch_size", 1);
  for (const char* key : {"loader.cache", "loader.features", "comet.project", "comet.workspace",
                          "comet.experiment"}) {
    null_or_text(key);
  }
  between("compute.threads", 0, kMostThreads);
  between("optimizer.weight_decay", 0, 1e6);
  between("schedule.lr_min", 0, 1e6);
  if (recipe.at("train.ema").is_number() && recipe.number("train.ema") >= 1) {
    throw UsageError("train.ema: wants a number between 0 and 1, or ~");
  }
}

}  // namespace bonafide
