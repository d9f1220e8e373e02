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
  options.classifier.class_weights = class_weights_of(config);
  options.wave_weight = config.at("loss").at("raw_reconstruction_weight");
  options.feature_weight = config.at("loss").at("lfcc_reconstruction_weight");
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
  std::vector<std::string> keys = LfccOptions::keys();
  keys.push_back("frames");
  LfccOptions options;
  options.read(OptionReader(config, "frontend", keys));
  const auto features = lfcc(golden.input("wave", torch::kFloat64), options);
  return {{"features", features}, {"cropped", first_frames(features, config.at("frames"))}};
}

Results run_s2pecnet(const Case& golden, torch::Dtype dtype) {
  const torch::NoGradGuard no_grad;
  const auto network = std::dynamic_pointer_cast<S2pecNet>(network_of(golden, dtype));
  network->always_decode(true);
  Results results;
  network->watch(
      [&](const std::string& name, const torch::Tensor& value) { results[name] = value.clone(); });
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
  Reconstruction system(network_of(golden, dtype), {classifier});
  std::vector<NetworkInput> rows;
  for (size_t i = 0; golden.has_input(fmt::format("utterance_{}", i)); ++i) {
    const auto utterance =
        golden.input(fmt::format("utterance_{}", i), torch::kFloat32).contiguous();
    rows.push_back(frontend->for_scoring(
        {utterance.data_ptr<float>(), static_cast<size_t>(utterance.numel())}));
  }
  const Outcome outcome = system.run({stack(rows).to(torch::kCPU, dtype), {}});
  Results results = {{"score", system.scores(outcome)}};
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
  without_dropout(system.module());
  const Json& conf = config.at("optim_config");
  Optimizer optimizer(optimizer_of_conf(conf), system.module());
  const auto schedule =
      make_schedule(schedule_of_conf(conf), conf.at("base_lr"), {1, config.at("total_steps")});
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

  const torch::NoGradGuard no_grad;
  system.module().eval();
  const NetworkInput input(golden.input("eval_wave", dtype), golden.input("eval_lfcc", dtype));
  results["eval_logits"] = system.run({input, {}}).logits;
  return results;
}

}  // namespace bonafide
