#include <fmt/format.h>

#include "adapters.h"
#include "base/recipe.h"
#include "features/frames.h"
#include "features/lfcc.h"
#include "models/s2pecnet.h"
#include "networks.h"
#include "systems/reconstruction.h"
#include "train/optimizer.h"
#include "training.h"

namespace bonafide {

namespace {

ReconstructionOptions reconstruction_options(const Json& config) {
  ReconstructionOptions options;
  options.classifier.class_weights = detector_weights_of(config);
  options.wave_weight = config.at("loss").at("raw_reconstruction_weight");
  options.feature_weight = config.at("loss").at("lfcc_reconstruction_weight");
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

}  // namespace

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
  const auto frontend = make_frontend(recipe);
  ClassifierOptions classifier;
  classifier.score_logit = config.at("score_class");
  const auto network = std::dynamic_pointer_cast<S2pecNet>(network_of(golden, dtype));
  network->always_decode(true);
  Reconstruction system(network, {classifier});
  std::vector<NetworkInput> rows;
  for (const auto& utterance : utterances_of(golden)) {
    rows.push_back(frontend->for_scoring(utterance));
    // The front end rounds to float32.
    if (dtype == torch::kFloat64) {
      rows.back().features = first_frames(lfcc(torch::tensor(utterance), lfcc_options(options)),
                                          config.at("frontend").at("frames"));
    }
  }
  Results results;
  watch(*network, results);
  const Outcome outcome = system.run({stack(rows).to(torch::kCPU, dtype), {}});
  results["score"] = system.scores(outcome);
  add_outputs(outcome, results);
  return results;
}

// Our names of the loss' terms, and the golden ones.
const std::map<std::string, std::string> kLossNames = {
    {"cross_entropy", "loss_cross_entropy"},
    {"wave_reconstruction", "loss_raw_reconstruction"},
    {"feature_reconstruction", "loss_lfcc_reconstruction"}};

Results run_s2pecnet_training(const Case& golden, torch::Dtype dtype) {
  const Json& config = golden.config();
  Reconstruction system(network_of(golden, dtype), reconstruction_options(config));
  const Recipe recipe = recipe_of_conf(config);
  Optimizer optimizer(recipe.at("optimizer"), system.module());
  const auto schedule = make_schedule(recipe.at("schedule"), recipe.number("optimizer.lr"),
                                      {1, config.at("total_steps")});
  const Batch batch = {{golden.input("wave", dtype), golden.input("lfcc", dtype)},
                       golden.input("label", dtype)};

  std::map<std::string, std::vector<double>> losses;
  torch::Tensor first_logits;
  Results results = train_on(system, batch, optimizer, *schedule, config.at("steps"),
                             [&](const Outcome& outcome) {
                               if (losses.empty()) first_logits = outcome.logits.detach().clone();
                               for (const auto& [name, value] : system.loss(outcome, batch).parts) {
                                 losses[kLossNames.at(name)].push_back(value.item<double>());
                               }
                             });
  results["logits.step0"] = first_logits;
  for (const auto& [name, values] : losses) results[name] = torch::tensor(values, torch::kFloat64);

  if (!golden.has_input("eval_wave") || !golden.has_input("eval_lfcc")) return results;
  const torch::NoGradGuard no_grad;
  system.module().eval();
  const NetworkInput input(golden.input("eval_wave", dtype), golden.input("eval_lfcc", dtype));
  results["eval_logits"] = system.run({input, {}}).logits;
  return results;
}

}  // namespace bonafide
