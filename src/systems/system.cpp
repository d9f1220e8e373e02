#include "systems/system.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "systems/classifier.h"
#include "systems/torchscript.h"

namespace bonafide {

namespace {

// How far the angle of the target class is multiplied; 0 for a loss without a margin.
int64_t margin_of(const Json& loss) {
  const std::string name = loss["name"].get<std::string>();
  if (name == "cross_entropy") return 0;
  if (name != "angular") {
    throw UsageError(fmt::format("loss.name: there is no \"{}\"; there are: cross_entropy, angular",
                                 printable(name)));
  }
  const auto margin = loss["margin"].get<int64_t>();
  if (margin < 1) throw UsageError("loss.margin: wants at least 1");
  return margin;
}

ClassifierOptions classifier_options(const Json& recipe) {
  ClassifierOptions options;
  options.score_logit = recipe["score"]["logit"].get<int64_t>();
  const Json& weights = recipe["loss"]["class_weights"];
  if (weights.size() != 2 || !weights[0].is_number() || !weights[1].is_number()) {
    throw UsageError("loss.class_weights: wants two numbers, for spoof and bona fide");
  }
  options.class_weights = {weights[0].get<double>(), weights[1].get<double>()};
  options.freq_aug = recipe["train"]["freq_aug"].get<bool>();
  options.margin = margin_of(recipe["loss"]);
  options.terms = recipe["loss"]["terms"];
  return options;
}

std::unique_ptr<System> make_classifier(const Json& recipe) {
  return std::make_unique<Classifier>(make_network(recipe["model"]), classifier_options(recipe));
}

// The name for a classifier that learns by these three terms where its recipe says no others.
std::unique_ptr<System> make_reconstruction(const Json& recipe) {
  ClassifierOptions options = classifier_options(recipe);
  const Json& loss = recipe["loss"];
  if (options.terms.empty()) {
    options.terms = {
        {{"name", "cross_entropy"}},
        {{"name", "wave_reconstruction"}, {"weight", loss["wave_reconstruction"]}},
        {{"name", "feature_reconstruction"}, {"weight", loss["feature_reconstruction"]}}};
  }
  return std::make_unique<Classifier>(make_network(recipe["model"]), options);
}

}  // namespace

const SystemTable& builtin_systems() {
  static const SystemTable table = {
      {"classifier", make_classifier},
      {"reconstruction", make_reconstruction},
      {"torchscript", make_torchscript},
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
