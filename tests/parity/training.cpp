#include "training.h"

#include "base/json_value.h"
#include "base/random.h"
#include "processes/communicator.h"
#include "tensor/state.h"

namespace bonafide {

void without_dropout(torch::nn::Module& module) {
  for (const auto& child : module.modules()) {
    if (auto* dropout = child->as<torch::nn::DropoutImpl>()) dropout->options.p(0.0);
  }
}

void add_state(const torch::nn::Module& module, Results& results) {
  for (const auto& [name, tensor] : state_of(module)) {
    results["state." + name] = tensor.dim() == 0 ? tensor.view({1}) : tensor;
  }
}

void add_gradients(const torch::nn::Module& module, Results& results) {
  for (const auto& item : module.named_parameters()) {
    const auto& gradient = item.value().grad();
    if (gradient.defined()) results["grad." + item.key()] = gradient.clone();
  }
}

Results train_on(const TrainingRun& run, const std::function<void(const UpdateResult&)>& observe) {
  Results results;
  std::vector<double> rates, norms;
  const auto alone = join({}, torch::kCPU);
  Update update(run.system, run.optimizer, *alone, run.options);
  Random random(0);
  for (int64_t step = 0; step < run.steps; ++step) {
    const double epoch = static_cast<double>(step) / static_cast<double>(run.steps_per_epoch);
    rates.push_back(run.schedule.at(step));
    const UpdateResult result = update.run({run.batch}, rates.back(), {step, epoch}, random);
    observe(result);
    if (step == 0) add_gradients(run.system.module(), results);
    if (result.gradient_norm) norms.push_back(*result.gradient_norm);
  }
  rates.push_back(run.schedule.at(run.steps));
  results["learning_rate"] = torch::tensor(rates, torch::kFloat64);
  if (!norms.empty()) results["gradient_norm"] = torch::tensor(norms, torch::kFloat64);
  add_state(run.system.module(), results);
  return results;
}

torch::Tensor first_logits(Network& network, const NetworkInput& input) {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> kept;
  for (const torch::Tensor& buffer : network.buffers()) kept.push_back(buffer.clone());
  const auto logits = network.forward(input).logits;
  const auto buffers = network.buffers();
  for (size_t i = 0; i < kept.size(); ++i) buffers[i].copy_(kept[i]);
  return logits;
}

Recipe recipe_of_conf(const Json& config) {
  const Json conf = {{"model_config", config.at("model_config")},
                     {"optim_config", config.at("optim_config")}};
  return Recipe::parse(conf.dump(), "case.conf", {});
}

std::vector<double> class_weights_of(const Json& config) {
  const Json weights = config.value("loss", Json::object()).value("class_weights", Json());
  return weights.is_array() ? weights.get<std::vector<double>>() : std::vector<double>();
}

std::array<double, 2> detector_weights_of(const Json& config) {
  const auto weights = class_weights_of(config);
  if (weights.empty()) return {1.0, 1.0};
  return {weights.at(0), weights.at(1)};
}

}  // namespace bonafide
