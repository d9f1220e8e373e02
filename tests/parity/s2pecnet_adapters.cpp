#include <fmt/format.h>

#include "adapters.h"
#include "base/json_value.h"
#include "features/frames.h"
#include "features/lfcc.h"
#include "models/s2pecnet.h"
#include "networks.h"
#include "recipe/recipe.h"
#include "systems/classifier.h"
#include "train/optimizer.h"
#include "training.h"

namespace bonafide {

namespace {

ClassifierOptions classifier_options(const Json& config) {
  const Json& loss = config.at("loss");
  ClassifierOptions options;
  options.class_weights = detector_weights_of(config);
  options.terms = {
      {{"name", "cross_entropy"}},
      {{"name", "wave_reconstruction"}, {"weight", loss.at("raw_reconstruction_weight")}},
      {{"name", "feature_reconstruction"}, {"weight", loss.at("lfcc_reconstruction_weight")}}};
  return options;
}

LfccOptions lfcc_options(const Json& frontend) {
  std::vector<std::string> keys = LfccOptions::keys();
  keys.insert(keys.end(), {"frames", "name", "wave_samples"});
  LfccOptions options;
  options.read(OptionReader(frontend, "frontend", keys));
  return options;
}

void add_outputs(const NetworkOutput& output, Results& results) {
  results["logits"] = output.logits;
  results["last_hidden"] = output.embedding;
  if (!output.reconstruction.wave.defined()) return;
  results["reconstructed_wave"] = output.reconstruction.wave;
  results["reconstructed_lfcc"] = output.reconstruction.features;
}

Results run_lfcc(const Case& golden, torch::Dtype) {
  const Json& config = golden.config();
  const auto features = lfcc(golden.input("wave", torch::kFloat64), lfcc_options(config));
  Results results = {{"features", features}};
  if (config.contains("frames")) results["cropped"] = first_frames(features, config.at("frames"));
  return results;
}

Results run_s2pecnet(const Case& golden, torch::Dtype dtype) {
  const torch::NoGradGuard no_grad;
  const auto network = std::dynamic_pointer_cast<S2pecNet>(network_of(golden, dtype));
  network->always_decode(true);
  Results results;
  watch(*network, results);
  add_outputs(network->forward({golden.input("wave", dtype), golden.input("lfcc", dtype)}),
              results);
  return results;
}

Results run_s2pecnet_system(const Case& golden, torch::Dtype dtype) {
  const torch::NoGradGuard no_grad;
  const Json& config = golden.config();
  Json recipe = Recipe::load("s2pecnet", {}).json();
  Json& options = recipe["input"]["frontend"];
  options = config.at("frontend");
  options["name"] = "waveform-and-lfcc";
  options["wave_samples"] = config.at("crop").at("samples");
  const auto frontend = make_frontend(recipe["input"]);
  ClassifierOptions classifier;
  classifier.score_logit = config.at("score_class");
  const auto network = std::dynamic_pointer_cast<S2pecNet>(network_of(golden, dtype));
  network->always_decode(true);
  Classifier system(network, classifier);
  std::vector<NetworkInput> rows;
  for (const auto& utterance : utterances_of(golden)) {
    rows.push_back(frontend->make(utterance, nullptr));
    // The front end rounds to float32.
    if (dtype == torch::kFloat64) {
      rows.back().features = first_frames(lfcc(torch::tensor(utterance), lfcc_options(options)),
                                          config.at("frontend").at("frames"));
    }
  }
  Results results;
  watch(*network, results);
  const NetworkInput input = stack(rows).to(torch::kCPU, dtype);
  results["score"] = system.answer({input, {}}).score;
  add_outputs(network->forward(input), results);
  return results;
}

// Our names of the loss' terms, and the golden ones.
const std::map<std::string, std::string> kLossNames = {
    {"cross_entropy", "loss_cross_entropy"},
    {"wave_reconstruction", "loss_raw_reconstruction"},
    {"feature_reconstruction", "loss_lfcc_reconstruction"}};

Results run_s2pecnet_training(const Case& golden, torch::Dtype dtype) {
  const Json& config = golden.config();
  Classifier system(network_of(golden, dtype), classifier_options(config));
  const Recipe recipe = recipe_of_conf(config);
  Optimizer optimizer(recipe.at("optimizer"), system.module());
  const auto schedule = make_schedule(recipe.at("schedule"), recipe.number("optimizer.lr"),
                                      {1, config.at("total_steps")});
  const Batch batch = {{golden.input("wave", dtype), golden.input("lfcc", dtype)},
                       golden.input("label", dtype)};

  std::map<std::string, std::vector<double>> losses;
  const auto logits = first_logits(system.network(), batch.input);
  const int64_t steps_per_epoch = config.at("total_steps");
  Results results =
      train_on({system, optimizer, *schedule, batch, config.at("steps"), steps_per_epoch},
               [&](const UpdateResult& step) {
                 for (const auto& [name, value] : step.terms) {
                   losses[kLossNames.at(name)].push_back(value);
                 }
               });
  results["logits.step0"] = logits;
  for (const auto& [name, values] : losses) results[name] = torch::tensor(values, torch::kFloat64);

  if (!golden.has_input("eval_wave") || !golden.has_input("eval_lfcc")) return results;
  const torch::NoGradGuard no_grad;
  system.module().eval();
  const NetworkInput input(golden.input("eval_wave", dtype), golden.input("eval_lfcc", dtype));
  results["eval_logits"] = system.network().forward(input).logits;
  return results;
}

}  // namespace

Adapters s2pecnet_adapters() {
  return {
      {"frontend/lfcc", run_lfcc},
      {"model/s2pecnet", run_s2pecnet},
      {"system/s2pecnet", run_s2pecnet_system},
      {"train/s2pecnet", run_s2pecnet_training},
  };
}

}  // namespace bonafide
