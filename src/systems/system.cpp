#include "systems/system.h"

#include <fmt/format.h>

#include <map>

#include "base/error.h"
#include "base/text.h"
#include "systems/classifier.h"

namespace bonafide {

namespace {

using Maker = std::unique_ptr<System> (*)(const Json& recipe);

std::unique_ptr<System> make_classifier(const Json& recipe) {
  ClassifierOptions options;
  options.score_logit = recipe["score"]["logit"].get<int64_t>();
  const Json& weights = recipe["loss"]["class_weights"];
  if (weights.size() != 2 || !weights[0].is_number() || !weights[1].is_number()) {
    throw UsageError("loss.class_weights: wants two numbers, for spoof and bona fide");
  }
  options.class_weights = {weights[0].get<double>(), weights[1].get<double>()};
  options.freq_aug = recipe["train"]["freq_aug"].get<bool>();
  return std::make_unique<Classifier>(make_network(recipe["model"]), options);
}

const std::map<std::string, Maker>& makers() {
  static const std::map<std::string, Maker> table = {
      {"classifier", make_classifier},
  };
  return table;
}

}  // namespace

std::unique_ptr<System> make_system(const Json& recipe) {
  const std::string name = recipe["system"].get<std::string>();
  const auto maker = makers().find(name);
  if (maker == makers().end()) {
    std::vector<std::string> names;
    for (const auto& [known, make] : makers()) names.push_back(known);
    throw UsageError(fmt::format("system: there is no \"{}\"; there are: {}", printable(name),
                                 fmt::join(names, ", ")));
  }
  return maker->second(recipe);
}

}  // namespace bonafide
