#include <fmt/format.h>

#include "adapters.h"
#include "audio/crop.h"
#include "features/sinc_filters.h"
#include "systems/classifier.h"
#include "systems/state.h"
#include "train/average.h"
#include "train/optimizer.h"
#include "train/schedule.h"

namespace bonafide {

namespace {

// The network that a case describes, filled, with the case's filter bank and mask.
std::shared_ptr<Network> make(const Case& golden, torch::Dtype dtype) {
  auto network = make_network(golden.config().at("model_config"));
  golden.fill(*network);
  network->to(dtype);
  network->train(golden.training());
  if (golden.has_input("sinc_filters")) {
    network->sinc_conv()->replace(golden.input("sinc_filters", torch::kFloat64));
  }
  const Json mask = golden.config().value("masked_filters", Json::array({0, 0}));
  network->sinc_conv()->mask(mask.at(0), mask.at(1));
  return network;
}

// Training cases run without dropout.
void without_dropout(torch::nn::Module& module) {
  for (const auto& child : module.modules()) {
    if (auto* dropout = child->as<torch::nn::DropoutImpl>()) dropout->options.p(0.0);
  }
}

void add_outputs(const NetworkOutput& output, Results& results) {
  results["logits"] = output.logits;
  results["last_hidden"] = output.embedding;
}

void add_state(const torch::nn::Module& module, Results& results) {
  for (const auto& [name, tensor] : state_of(module)) {
    results["state." + name] = tensor.dim() == 0 ? tensor.view({1}) : tensor;
  }
}

ClassifierOptions classifier_options(const Json& config) {
  ClassifierOptions options;
  const Json weights = config.at("loss").value("class_weights", Json());
  options.class_weights = {1.0, 1.0};
  if (weights.is_array()) options.class_weights = {weights[0], weights[1]};
  return options;
}

// The .conf key `optim_config` as the recipe sections `optimizer` and `schedule`.
Json optimizer_options(const Json& conf) {
  return {{"name", conf.at("optimizer")},
          {"lr", conf.at("base_lr")},
          {"betas", conf.value("betas", Json::array({0.9, 0.999}))},
          {"eps", 1e-8},
          {"weight_decay", conf.value("weight_decay", 0.0)},
          {"amsgrad", conf.value("amsgrad", "False") == "True"}};
}

Json schedule_options(const Json& conf) {
  return {{"name", conf.at("scheduler")}, {"lr_min", conf.value("lr_min", 0.0)}};
}

}  // namespace

Results run_sinc_filters(const Case& golden, torch::Dtype dtype) {
  const Json& config = golden.config();
  const SincFilters bank =
      make_sinc_filters(config.at("filters"), config.at("taps"), config.at("sample_rate"));
  return {{"band_pass", bank.band_pass.to(dtype)},
          {"edges", torch::tensor(bank.edges, torch::kFloat64)}};
}

Results run_network(const Case& golden, torch::Dtype dtype) {
  const torch::NoGradGuard no_grad;
  const auto network = make(golden, dtype);
  Results results;
  network->watch(
      [&](const std::string& name, const torch::Tensor& value) { results[name] = value.clone(); });
  add_outputs(network->forward(golden.input("wave", dtype)), results);
  return results;
}

Results run_waveform_system(const Case& golden, torch::Dtype dtype) {
  const torch::NoGradGuard no_grad;
  ClassifierOptions options;
  options.score_logit = golden.config().at("score_class");
  Classifier system(make(golden, dtype), options);
  const auto samples = golden.config().at("crop").at("samples").get<size_t>();
  std::vector<torch::Tensor> rows;
  for (size_t i = 0; golden.has_input(fmt::format("utterance_{}", i)); ++i) {
    const auto utterance =
        golden.input(fmt::format("utterance_{}", i), torch::kFloat32).contiguous();
    const auto cropped =
        crop_first({utterance.data_ptr<float>(), static_cast<size_t>(utterance.numel())}, samples);
    rows.push_back(torch::tensor(cropped));
  }
  const Outcome outcome = system.run({torch::stack(rows).to(dtype), {}});
  return {{"score", system.scores(outcome)},
          {"logits", outcome.logits},
          {"last_hidden", outcome.embedding}};
}

Results run_classifier_training(const Case& golden, torch::Dtype dtype) {
  const Json& config = golden.config();
  Classifier system(make(golden, dtype), classifier_options(config));
  without_dropout(system.module());
  const Json& conf = config.at("optim_config");
  Optimizer optimizer(optimizer_options(conf), system.module());
  const auto schedule =
      make_schedule(schedule_options(conf), conf.at("base_lr"), {1, config.at("total_steps")});
  const Batch batch = {golden.input("wave", dtype), golden.input("label", dtype)};

  Results results;
  std::vector<double> losses, rates;
  for (int64_t step = 0; step < config.at("steps").get<int64_t>(); ++step) {
    const Outcome outcome = system.run(batch);
    const auto loss = system.loss(outcome, batch.label);
    optimizer.zero_grad();
    loss.backward();
    losses.push_back(loss.item<double>());
    rates.push_back(schedule->at(step));
    if (step == 0) {
      results["logits.step0"] = outcome.logits.detach().clone();
      for (const auto& item : system.module().named_parameters()) {
        const auto& gradient = item.value().grad();
        if (gradient.defined()) results["grad." + item.key()] = gradient.clone();
      }
    }
    optimizer.set_learning_rate(rates.back());
    optimizer.step();
  }
  rates.push_back(schedule->at(static_cast<int64_t>(losses.size())));
  results["loss_cross_entropy"] = torch::tensor(losses, torch::kFloat64);
  results["learning_rate"] = torch::tensor(rates, torch::kFloat64);
  add_state(system.module(), results);

  const torch::NoGradGuard no_grad;
  system.module().eval();
  results["eval_logits"] = system.run({golden.input("eval_wave", dtype), {}}).logits;
  return results;
}

Results run_weight_average(const Case& golden, torch::Dtype dtype) {
  const Json& config = golden.config();
  Classifier system(make(golden, dtype), {});
  without_dropout(system.module());
  WeightAverage average;
  for (const Json& prefix : config.at("snapshots")) {
    golden.fill(system.module(), prefix);
    average.add(system.module());
  }
  average.write_to(system.module());
  int64_t next = 0;
  update_batch_norm(system, [&]() -> std::optional<Batch> {
    if (next == config.at("batches").get<int64_t>()) return std::nullopt;
    return Batch{golden.input(fmt::format("batch_{}", next++), dtype), {}};
  });
  Results results;
  add_state(system.module(), results);
  const torch::NoGradGuard no_grad;
  system.module().eval();
  add_outputs(system.network().forward(golden.input("eval_wave", dtype)), results);
  return results;
}

}  // namespace bonafide
