#include "train/optimizer.h"

#include <fmt/format.h>

#include <map>
#include <sstream>

#include "base/error.h"
#include "base/json_value.h"
#include "base/text.h"
#include "tensor/conversion.h"
#include "train/parameter_names.h"

namespace bonafide {

namespace {

// LibTorch 2 keys an optimiser's state by address, 1.13 by the address's text.
template <typename Map>
typename Map::key_type key_of(const Map&, const torch::Tensor& parameter) {
  if constexpr (std::is_same_v<typename Map::key_type, std::string>) {
    std::ostringstream text;
    text << parameter.unsafeGetTensorImpl();
    return text.str();
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

// Adam and AdamW remember the same things in classes of their own.
template <typename State>
struct AdamMemory {
  static void save(const State& state, const std::string& name, TensorFile& file) {
    const int64_t step = state.step();
    file.tensors.emplace_back(name + "step", Tensor::from(std::span(&step, 1), {}));
    file.tensors.emplace_back(name + "exp_avg", from_torch(state.exp_avg()));
    file.tensors.emplace_back(name + "exp_avg_sq", from_torch(state.exp_avg_sq()));
    if (state.max_exp_avg_sq().defined()) {
      file.tensors.emplace_back(name + "max_exp_avg_sq", from_torch(state.max_exp_avg_sq()));
    }
  }

  static std::unique_ptr<State> load(const TensorFile& file, const std::string& name,
                                     const torch::Tensor& parameter) {
    const Tensor* step = file.find(name + "step");
    if (step == nullptr) return nullptr;
    auto state = std::make_unique<State>();
    state->step(static_cast<int64_t>(step->to_doubles().at(0)));
    state->exp_avg(take(file, name + "exp_avg", parameter));
    state->exp_avg_sq(take(file, name + "exp_avg_sq", parameter));
    if (file.find(name + "max_exp_avg_sq") != nullptr) {
      state->max_exp_avg_sq(take(file, name + "max_exp_avg_sq", parameter));
    }
    return state;
  }
};

struct SgdMemory {
  using State = torch::optim::SGDParamState;

  static void save(const State& state, const std::string& name, TensorFile& file) {
    if (!state.momentum_buffer().defined()) return;
    file.tensors.emplace_back(name + "momentum", from_torch(state.momentum_buffer()));
  }

  static std::unique_ptr<State> load(const TensorFile& file, const std::string& name,
                                     const torch::Tensor& parameter) {
    if (file.find(name + "momentum") == nullptr) return nullptr;
    auto state = std::make_unique<State>();
    state->momentum_buffer(take(file, name + "momentum", parameter));
    return state;
  }
};

template <typename Function>
void for_each_parameter(torch::optim::Optimizer& optimizer, const std::string& prefix,
                        Function function) {
  int64_t index = 0;
  for (const auto& group : optimizer.param_groups()) {
    for (const torch::Tensor& parameter : group.params()) {
      function(parameter, fmt::format("{}{}.", prefix, index++));
    }
  }
}

template <typename State, typename Memory>
void save_as(torch::optim::Optimizer& optimizer, const std::string& prefix, TensorFile& file) {
  for_each_parameter(optimizer, prefix, [&](const torch::Tensor& parameter, const auto& name) {
    const auto it = optimizer.state().find(key_of(optimizer.state(), parameter));
    if (it == optimizer.state().end()) return;
    Memory::save(static_cast<const State&>(*it->second), name, file);
  });
}

template <typename State, typename Memory>
void load_as(torch::optim::Optimizer& optimizer, const std::string& prefix,
             const TensorFile& file) {
  for_each_parameter(optimizer, prefix, [&](const torch::Tensor& parameter, const auto& name) {
    auto state = Memory::load(file, name, parameter);
    if (state) optimizer.state()[key_of(optimizer.state(), parameter)] = std::move(state);
  });
}

std::tuple<double, double> betas_of(const Json& options) {
  const Json& betas = options.at("betas");
  if (betas.size() != 2 || !betas[0].is_number() || !betas[1].is_number()) {
    throw UsageError("optimizer.betas: wants two numbers");
  }
  return {betas[0].get<double>(), betas[1].get<double>()};
}

// One line of the table: an optimiser's options from a recipe, its making, its memory.
struct Kind {
  std::unique_ptr<torch::optim::OptimizerOptions> (*options)(const Json&);
  std::unique_ptr<torch::optim::Optimizer> (*make)(std::vector<torch::optim::OptimizerParamGroup>,
                                                   const Json&);
  void (*save)(torch::optim::Optimizer&, const std::string&, TensorFile&);
  void (*load)(torch::optim::Optimizer&, const std::string&, const TensorFile&);
};

template <typename Options>
Options adam_options(const Json& o) {
  return Options(o.at("lr").get<double>())
      .betas(betas_of(o))
      .eps(o.at("eps").get<double>())
      .weight_decay(o.at("weight_decay").get<double>())
      .amsgrad(o.at("amsgrad").get<bool>());
}

torch::optim::SGDOptions sgd_options(const Json& o) {
  return torch::optim::SGDOptions(o.at("lr").get<double>())
      .momentum(o.at("momentum").get<double>())
      .nesterov(o.at("nesterov").get<bool>())
      .weight_decay(o.at("weight_decay").get<double>());
}

template <typename Class, typename Options, typename State, typename Memory,
          Options (*options)(const Json&)>
Kind kind() {
  return {[](const Json& o) -> std::unique_ptr<torch::optim::OptimizerOptions> {
            return std::make_unique<Options>(options(o));
          },
          [](std::vector<torch::optim::OptimizerParamGroup> groups,
             const Json& o) -> std::unique_ptr<torch::optim::Optimizer> {
            return std::make_unique<Class>(std::move(groups), options(o));
          },
          save_as<State, Memory>, load_as<State, Memory>};
}

const std::map<std::string, Kind>& kinds() {
  using namespace torch::optim;
  static const std::map<std::string, Kind> table = {
      {"adam", kind<Adam, AdamOptions, AdamParamState, AdamMemory<AdamParamState>,
                    adam_options<AdamOptions>>()},
      {"adamw", kind<AdamW, AdamWOptions, AdamWParamState, AdamMemory<AdamWParamState>,
                     adam_options<AdamWOptions>>()},
      {"sgd", kind<SGD, SGDOptions, SGDParamState, SgdMemory, sgd_options>()},
  };
  return table;
}

// What an entry of optimizer.groups changes for its parameters.
struct ParameterGroup {
  std::string match;
  Json options;
  double lr_scale = 1;
  std::vector<torch::Tensor> parameters;
};

ParameterGroup read_group(const Json& entry, const Json& defaults) {
  ParameterGroup group{"", defaults, 1, {}};
  for (const auto& [key, value] : entry.items()) {
    if (key == "match" && value.is_string()) {
      group.match = value.get<std::string>();
    } else if (key == "lr_scale" && value.is_number()) {
      group.lr_scale = value.get<double>();
    } else if (key == "weight_decay" && value.is_number()) {
      group.options[key] = value;
    } else {
      throw UsageError(fmt::format(
          "optimizer.groups: \"{}\": an entry has match (a pattern), lr_scale and weight_decay "
          "(numbers)",
          printable(key)));
    }
  }
  return group;
}

// The recipe's groups, and after them one for all other parameters.
std::vector<ParameterGroup> read_groups(const Json& options) {
  std::vector<ParameterGroup> groups;
  for (const Json& entry : options.value("groups", Json::array())) {
    if (!entry.is_object()) throw UsageError("optimizer.groups: wants a list of {match: ...}");
    groups.push_back(read_group(entry, options));
  }
  groups.push_back({"*", options, 1, {}});
  return groups;
}

void distribute(const torch::nn::Module& module, std::vector<ParameterGroup>& groups) {
  for (const auto& item : module.named_parameters()) {
    for (ParameterGroup& group : groups) {
      if (!fits_pattern(item.key(), group.match)) continue;
      group.parameters.push_back(item.value());
      break;
    }
  }
  for (size_t i = 0; i + 1 < groups.size(); ++i) {
    if (groups[i].parameters.empty()) {
      throw UsageError(
          fmt::format("optimizer.groups: \"{}\" fits no parameter that an earlier "
                      "entry has left",
                      printable(groups[i].match)));
    }
  }
}

const Kind& find_kind(const std::string& name) {
  const auto it = kinds().find(name);
  if (it == kinds().end()) {
    std::vector<std::string> names;
    for (const auto& [known, kind] : kinds()) names.push_back(known);
    throw UsageError(fmt::format("optimizer.name: there is no \"{}\"; there are: {}",
                                 printable(name), fmt::join(names, ", ")));
  }
  return it->second;
}

}  // namespace

Optimizer::Optimizer(const Json& options, const torch::nn::Module& module)
    : name_(options.at("name").get<std::string>()) {
  const Kind& kind = find_kind(name_);
  std::vector<ParameterGroup> groups = read_groups(options);
  distribute(module, groups);
  std::vector<torch::optim::OptimizerParamGroup> param_groups;
  for (ParameterGroup& group : groups) {
    if (group.parameters.empty()) continue;
    param_groups.emplace_back(std::move(group.parameters), kind.options(group.options));
    scales_.push_back(group.lr_scale);
  }
  optimizer_ = kind.make(std::move(param_groups), options);
}

void Optimizer::set_learning_rate(double rate) {
  for (size_t i = 0; i < scales_.size(); ++i) {
    optimizer_->param_groups()[i].options().set_lr(rate * scales_[i]);
  }
}

void Optimizer::save(const std::string& prefix, TensorFile& file) const {
  find_kind(name_).save(*optimizer_, prefix, file);
}

void Optimizer::load(const std::string& prefix, const TensorFile& file) {
  find_kind(name_).load(*optimizer_, prefix, file);
}

}  // namespace bonafide
