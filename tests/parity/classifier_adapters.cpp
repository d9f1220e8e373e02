#include <fmt/format.h>

#include "adapters.h"
#include "audio/crop.h"
#include "base/json_value.h"
#include "features/sinc_filters.h"
#include "networks.h"
#include "systems/classifier.h"
#include "train/average.h"
#include "train/optimizer.h"
#include "train/schedule.h"
#include "training.h"

namespace bonafide {

namespace {

void add_outputs(const NetworkOutput& output, Results& results) {
  results["logits"] = output.logits;
  results["last_hidden"] = output.embedding;
}

ClassifierOptions classifier_options(const Json& config) {
  ClassifierOptions options;
  options.class_weights = detector_weights_of(config);
  return options;
}

Results run_sinc_filters(const Case& golden, torch::Dtype dtype) {
  const Json& config = golden.config();
  const SincFilters bank =
      make_sinc_filters(config.at("filters"), config.at("taps"), config.at("sample_rate"));
  return {{"band_pass", bank.band_pass.to(dtype)},
          {"edges", torch::tensor(bank.edges, torch::kFloat64)}};
}

Results run_network(const Case& golden, torch::Dtype dtype) {
  const torch::NoGradGuard no_grad;
  const auto network = network_of(golden, dtype);
  Results results;
  watch(*network, results);
  add_outputs(network->forward(golden.input("wave", dtype)), results);
  return results;
}

Results run_waveform_system(const Case& golden, torch::Dtype dtype) {
  const torch::NoGradGuard no_grad;
  ClassifierOptions options;
  options.score_logit = golden.config().at("score_class");
  Classifier system(network_of(golden, dtype), options);
  const auto samples = golden.config().at("crop").at("samples").get<size_t>();
  std::vector<torch::Tensor> rows;
  for (const auto& utterance : utterances_of(golden)) {
    rows.push_back(torch::tensor(crop_first(utterance, samples)));
  }
  Results results;
  watch(system.network(), results);
  const NetworkInput input = torch::stack(rows).to(dtype);
  results["score"] = system.answer({input, {}}).score;
  add_outputs(system.network().forward(input), results);
  return results;
}

Results run_classifier_training(const Case& golden, torch::Dtype dtype) {
  const Json& config = golden.config();
  Classifier system(network_of(golden, dtype), classifier_options(config));
  const Recipe recipe = recipe_of_conf(config);
  Optimizer optimizer(recipe.at("optimizer"), system.module());
  const auto schedule = make_schedule(recipe.at("schedule"), recipe.number("optimizer.lr"),
                                      {1, config.at("total_steps")});
  const Batch batch = {golden.input("wave", dtype), golden.input("label", dtype)};

  std::vector<double> losses;
  const auto logits = first_logits(system.network(), batch.input);
  const int64_t steps_per_epoch = config.at("total_steps");
  Results results =
      train_on({system, optimizer, *schedule, batch, config.at("steps"), steps_per_epoch},
               [&](const UpdateResult& step) { losses.push_back(step.loss); });
  results["logits.step0"] = logits;
  results["loss_cross_entropy"] = torch::tensor(losses, torch::kFloat64);

  if (!golden.has_input("eval_wave")) return results;
  const torch::NoGradGuard no_grad;
  system.module().eval();
  results["eval_logits"] = system.network().forward(golden.input("eval_wave", dtype)).logits;
  return results;
}

Results run_weight_average(const Case& golden, torch::Dtype dtype) {
  const Json& config = golden.config();
  Classifier system(network_of(golden, dtype), {});
  without_dropout(system.module());  // its statistics are counted in training mode
  WeightAverage average;
  for (const Json& prefix : config.at("snapshots")) {
    golden.fill(system.module(), prefix);
    average.add(system.module());
  }
  average.write_to(system.module());
  int64_t next = 0;
  update_batch_norm(system, [&]() -> std::optional<Batch> {
    if (next == config.at("batches").get<int64_t>()) return std::nullopt;
    const auto wave = golden.input(fmt::format("batch_{}", next++), dtype);
    return Batch{wave, torch::zeros({wave.size(0)}, torch::kInt64)};
  });
  Results results;
  add_state(system.module(), results);
  if (!golden.has_input("eval_wave")) return results;
  const torch::NoGradGuard no_grad;
  system.module().eval();
  add_outputs(system.network().forward(golden.input("eval_wave", dtype)), results);
  return results;
}

}  // namespace

Adapters classifier_adapters() {
  return {
      {"frontend/sinc-filters", run_sinc_filters},
      {"model/aasist", run_network},
      {"model/rawgat-st", run_network},
      {"model/rawnet2", run_network},
      {"system/aasist", run_waveform_system},
      {"system/rawgat-st", run_waveform_system},
      {"system/rawnet2", run_waveform_system},
      {"train/aasist", run_classifier_training},
      {"train/rawgat-st", run_classifier_training},
      {"train/rawnet2", run_classifier_training},
      {"train/aasist-swa", run_weight_average},
  };
}

}  // namespace bonafide
