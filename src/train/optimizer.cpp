#include "train/optimizer.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "systems/tensors.h"

namespace bonafide {

namespace {

using torch::optim::AdamParamState;

// LibTorch 2 keys an optimiser's state by address, 1.13 by the address's text.
template <typename Map>
typename Map::key_type key_of(const Map&, const torch::Tensor& parameter) {
  if constexpr (std::is_same_v<typename Map::key_type, std::string>) {
    return c10::guts::to_string(parameter.unsafeGetTensorImpl());
  } else {
    return parameter.unsafeGetTensorImpl();
  }
}

torch::Tensor take(const TensorFile& file, const std::string& name, const torch::Tensor& like) {
  const Tensor* tensor = file.find(name);
  if (tensor == nullptr || like.sizes() != c10::IntArrayRef(tensor->shape)) {
    throw Error(fmt::format("the saved optimiser does not fit: {}", name));
  }
  return to_torch(*tensor).to(like.options().requires_grad(false)).clone();
}

}  // namespace

std::unique_ptr<torch::optim::Optimizer> make_optimizer(const Json& options,
                                                        std::vector<torch::Tensor> parameters) {
  const std::string name = options["name"].get<std::string>();
  if (name != "adam") {
    throw UsageError(
        fmt::format("optimizer.name: there is no \"{}\"; there is: adam", printable(name)));
  }
  const Json& betas = options["betas"];
  if (betas.size() != 2 || !betas[0].is_number() || !betas[1].is_number()) {
    throw UsageError("optimizer.betas: wants two numbers");
  }
  return std::make_unique<torch::optim::Adam>(
      std::move(parameters), torch::optim::AdamOptions(options["lr"].get<double>())
                                 .betas({betas[0].get<double>(), betas[1].get<double>()})
                                 .eps(options["eps"].get<double>())
                                 .weight_decay(options["weight_decay"].get<double>())
                                 .amsgrad(options["amsgrad"].get<bool>()));
}

void set_learning_rate(torch::optim::Optimizer& optimizer, double rate) {
  for (auto& group : optimizer.param_groups()) group.options().set_lr(rate);
}

void save_optimizer(torch::optim::Optimizer& optimizer, const std::string& prefix,
                    TensorFile& file) {
  int64_t index = 0;
  for (const auto& group : optimizer.param_groups()) {
    for (const torch::Tensor& parameter : group.params()) {
      const auto name = fmt::format("{}{}.", prefix, index++);
      const auto it = optimizer.state().find(key_of(optimizer.state(), parameter));
      if (it == optimizer.state().end()) continue;
      const auto& state = static_cast<const AdamParamState&>(*it->second);
      const int64_t step = state.step();
      file.tensors.emplace_back(name + "step", Tensor::from(std::span(&step, 1), {}));
      file.tensors.emplace_back(name + "exp_avg", from_torch(state.exp_avg()));
      file.tensors.emplace_back(name + "exp_avg_sq", from_torch(state.exp_avg_sq()));
      if (state.max_exp_avg_sq().defined()) {
        file.tensors.emplace_back(name + "max_exp_avg_sq", from_torch(state.max_exp_avg_sq()));
      }
    }
  }
}

void load_optimizer(torch::optim::Optimizer& optimizer, const std::string& prefix,
                    const TensorFile& file) {
  int64_t index = 0;
  for (const auto& group : optimizer.param_groups()) {
    for (const torch::Tensor& parameter : group.params()) {
      const auto name = fmt::format("{}{}.", prefix, index++);
      const Tensor* step = file.find(name + "step");
      if (step == nullptr) continue;
      auto state = std::make_unique<AdamParamState>();
      state->step(static_cast<int64_t>(step->to_doubles().at(0)));
      state->exp_avg(take(file, name + "exp_avg", parameter));
      state->exp_avg_sq(take(file, name + "exp_avg_sq", parameter));
      if (file.find(name + "max_exp_avg_sq") != nullptr) {
        state->max_exp_avg_sq(take(file, name + "max_exp_avg_sq", parameter));
      }
      optimizer.state()[key_of(optimizer.state(), parameter)] = std::move(state);
    }
  }
}

}  // namespace bonafide
