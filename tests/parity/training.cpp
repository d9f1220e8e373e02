#include "training.h"

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

Results train_on(System& system, const Batch& batch, Optimizer& optimizer, const Schedule& schedule,
                 int64_t steps, const std::function<void(const Outcome&)>& observe) {
  Results results;
  std::vector<double> rates;
  for (int64_t step = 0; step < steps; ++step) {
    const Outcome outcome = system.run(batch);
    observe(outcome);
    optimizer.zero_grad();
    system.loss(outcome, batch).total.backward();
    if (step == 0) add_gradients(system.module(), results);
    rates.push_back(schedule.at(step));
    optimizer.set_learning_rate(rates.back());
    optimizer.step();
  }
  rates.push_back(schedule.at(steps));
  results["learning_rate"] = torch::tensor(rates, torch::kFloat64);
  add_state(system.module(), results);
  return results;
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
