#include "systems/system.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/json_value.h"
#include "base/options.h"
#include "base/text.h"
#include "checkpoint/model_file.h"
#include "models/detector.h"
#include "systems/classifier.h"
#include "systems/pair.h"
#include "systems/torchscript.h"

namespace bonafide {

namespace {

constexpr double kAnyWeight = 1e6;
constexpr std::array kReconstructions = {"wave_reconstruction", "feature_reconstruction"};
constexpr double kReconstructed = 0.1;  // their weights by default

// How far the angle of the target class is multiplied; 0 for a loss without a margin.
int64_t margin_of(const OptionReader& loss) {
  std::string name = "cross_entropy";
  int64_t margin = 4;
  loss.word("name", name, {"cross_entropy", "angular"});
  loss.integer("margin", margin, 1, 100);
  return name == "angular" ? margin : 0;
}

OptionReader loss_of(const Json& recipe) {
  return {recipe["loss"],
          "loss",
          {"name", "class_weights", "margin", "terms", kReconstructions[0], kReconstructions[1]}};
}

ClassifierOptions classifier_options(const Json& recipe) {
  ClassifierOptions options;
  options.score_logit = bona_fide_logit(recipe);
  const OptionReader loss = loss_of(recipe);
  loss.numbers("class_weights", options.class_weights, 0, kAnyWeight);
  options.freq_aug = recipe["train"]["freq_aug"].get<bool>();
  options.margin = margin_of(loss);
  if (const Json* terms = loss.find("terms")) options.terms = *terms;
  if (!options.terms.is_array()) {
    throw UsageError(fmt::format("loss.terms: {} is not a list", printable(options.terms.dump())));
  }
  return options;
}

// Folders of runs from before the loss was its system's own matter have the weights of the
// reconstruction by default, whatever learns there.
void expect_no_reconstruction(const OptionReader& loss) {
  for (const char* key : kReconstructions) {
    const Json* weight = loss.find(key);
    if (weight == nullptr || *weight == kReconstructed) continue;
    throw UsageError(fmt::format("loss.{}: only system: reconstruction learns by it", key));
  }
}

std::unique_ptr<System> make_classifier(const Json& recipe) {
  expect_no_reconstruction(loss_of(recipe));
  return std::make_unique<Classifier>(make_network(recipe["model"]), classifier_options(recipe));
}

ScoreRule rule_of(const OptionReader& score) {
  const std::vector<std::string> words = {"logit", "margin", "probability", "log_probability"};
  std::string word = words.front();
  score.word("rule", word, words);
  return static_cast<ScoreRule>(std::find(words.begin(), words.end(), word) - words.begin());
}

// A published detector on a self-supervised speech encoder, whose score may be more than a logit.
std::unique_ptr<System> make_detector(const Json& recipe) {
  Json without_rule = recipe;
  without_rule["score"].erase("rule");
  ClassifierOptions options = classifier_options(without_rule);
  options.rule =
      rule_of(OptionReader(recipe["score"], "score", {"logit", "rule", "over", "precision"}));
  return std::make_unique<Classifier>(make_detector_network(recipe["model"]), options);
}

// The name for a classifier that learns by these three terms where its recipe says no others.
std::unique_ptr<System> make_reconstruction(const Json& recipe) {
  ClassifierOptions options = classifier_options(recipe);
  const bool by_default = options.terms.empty();
  if (by_default) options.terms.push_back(Json::object({{"name", "cross_entropy"}}));
  for (const char* key : kReconstructions) {
    double weight = kReconstructed;
    loss_of(recipe).number(key, weight, 0, kAnyWeight);
    if (by_default) options.terms.push_back(Json::object({{"name", key}, {"weight", weight}}));
  }
  return std::make_unique<Classifier>(make_network(recipe["model"]), options);
}

}  // namespace

const SystemTable& builtin_systems() {
  static const SystemTable table = {
      {"classifier", make_classifier},
      {"detector", make_detector},
      {"pair", make_pair},
      {"reconstruction", make_reconstruction},
      {std::string(kProgramSystem), make_torchscript},
  };
  return table;
}

Batch Batch::to(torch::Device device, torch::Dtype dtype) const {
  const auto there = [&](const torch::Tensor& numbers) {
    return numbers.defined() ? numbers.to(device) : numbers;
  };
  return {input.to(device, dtype), there(label), there(speaker), tuple,
          reference.to(device, dtype)};
}

int64_t bona_fide_logit(const Json& recipe) {
  int64_t logit = 1;
  OptionReader(recipe["score"], "score", {"logit", "over", "precision"})
      .integer("logit", logit, 0, 1);
  return logit;
}

double System::loss_weight(const Batch& batch) const {
  return static_cast<double>(batch.input.size());
}

std::unique_ptr<System> make_system(const Json& recipe, const SystemTable& systems) {
  const std::string name = recipe["system"].get<std::string>();
  const auto maker = systems.find(name);
  if (maker == systems.end()) {
    std::vector<std::string> names;
    for (const auto& [known, make] : systems) names.push_back(known);
    throw UsageError(fmt::format("system: there is no \"{}\"; there are: {}", printable(name),
                                 fmt::join(names, ", ")));
  }
  return maker->second(recipe);
}

}  // namespace bonafide
