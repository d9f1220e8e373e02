#include "train/average.h"

#include <fmt/format.h>

#include "base/error.h"
#include "systems/tensors.h"

namespace bonafide {

namespace {

constexpr std::string_view kCount = "count";

struct Norm {
  torch::Tensor running_mean, running_var;
  std::function<void(double)> set_momentum;
  double momentum;
};

template <typename Layer>
bool collect_as(const std::shared_ptr<torch::nn::Module>& module, std::vector<Norm>& norms) {
  auto* layer = module->as<Layer>();
  if (layer == nullptr || !layer->running_mean.defined()) return layer != nullptr;
  norms.push_back({layer->running_mean, layer->running_var,
                   [layer](double momentum) { layer->options.momentum(momentum); },
                   layer->options.momentum().value_or(0.1)});
  return true;
}

std::vector<Norm> norms_of(torch::nn::Module& module) {
  std::vector<Norm> norms;
  for (const auto& child : module.modules(/*include_self=*/false)) {
    collect_as<torch::nn::BatchNorm1dImpl>(child, norms) ||
        collect_as<torch::nn::BatchNorm2dImpl>(child, norms);
  }
  return norms;
}

}  // namespace

void WeightAverage::add(const torch::nn::Module& module) {
  const torch::NoGradGuard no_grad;
  const auto parameters = module.named_parameters();
  if (count_ == 0) {
    mean_.clear();
    for (const auto& item : parameters) mean_.emplace_back(item.key(), item.value().clone());
  } else {
    for (auto& [name, mean] : mean_) {
      mean += (parameters[name] - mean) / static_cast<double>(count_ + 1);
    }
  }
  ++count_;
}

void WeightAverage::write_to(torch::nn::Module& module) const {
  if (count_ == 0) throw Error("an average of no weights");
  const torch::NoGradGuard no_grad;
  auto parameters = module.named_parameters();
  for (const auto& [name, mean] : mean_) parameters[name].copy_(mean);
}

void WeightAverage::save(const std::string& prefix, TensorFile& file) const {
  file.tensors.emplace_back(fmt::format("{}{}", prefix, kCount),
                            Tensor::from(std::span(&count_, 1), {}));
  if (count_ == 0) return;
  for (const auto& [name, mean] : mean_) {
    file.tensors.emplace_back(prefix + "mean." + name, from_torch(mean));
  }
}

void WeightAverage::load(const std::string& prefix, const TensorFile& file) {
  mean_.clear();
  count_ = 0;
  const Tensor* count = file.find(fmt::format("{}{}", prefix, kCount));
  if (count == nullptr) throw Error("the saved state holds no weight average");
  count_ = static_cast<int64_t>(count->to_doubles().at(0));
  const std::string start = prefix + "mean.";
  for (const auto& [name, tensor] : file.tensors) {
    if (name.starts_with(start)) {
      mean_.emplace_back(name.substr(start.size()), to_torch(tensor).clone());
    }
  }
}

void update_batch_norm(System& system, const std::function<std::optional<Batch>()>& next) {
  const torch::NoGradGuard no_grad;
  std::vector<Norm> norms = norms_of(system.module());
  for (Norm& norm : norms) {
    norm.running_mean.zero_();
    norm.running_var.fill_(1.0);
  }
  system.module().train();
  double seen = 0;
  while (const auto batch = next()) {
    const auto size = static_cast<double>(batch->input.size());
    for (Norm& norm : norms) norm.set_momentum(size / (seen + size));
    system.run(*batch);
    seen += size;
  }
  for (Norm& norm : norms) norm.set_momentum(norm.momentum);
}

}  // namespace bonafide
