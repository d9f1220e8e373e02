#include "train/average.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/json_value.h"
#include "checkpoint/base_weights.h"
#include "nn/batch_norm.h"
#include "tensor/conversion.h"

namespace bonafide {

namespace {

constexpr std::string_view kCount = "count";

std::vector<BatchNormImpl*> norms_of(torch::nn::Module& module) {
  std::vector<BatchNormImpl*> norms;
  for (const auto& child : module.modules(/*include_self=*/false)) {
    if (auto* norm = child->as<BatchNormImpl>()) norms.push_back(norm);
  }
  return norms;
}

}  // namespace

void WeightAverage::leave_out(const Json& base) { left_out_ = names_in_base(base); }

void WeightAverage::add(const torch::nn::Module& module, double share) {
  const torch::NoGradGuard no_grad;
  const auto parameters = module.named_parameters();
  if (count_ == 0) {
    mean_.clear();
    for (const auto& item : parameters) {
      if (left_out_.contains(item.key())) continue;
      mean_.emplace_back(item.key(), item.value().clone());
    }
  } else {
    for (auto& [name, mean] : mean_) {
      mean +=
          (parameters[name] - mean) * (share > 0 ? share : 1.0 / static_cast<double>(count_ + 1));
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

void WeightAverage::load(const std::string& prefix, const TensorFile& file,
                         const torch::nn::Module& module) {
  mean_.clear();
  count_ = 0;
  const Tensor* count = file.find(fmt::format("{}{}", prefix, kCount));
  if (count == nullptr) throw Error("the saved state holds no weight average");
  count_ = static_cast<int64_t>(count->to_doubles().at(0));
  if (count_ == 0) return;
  for (const auto& item : module.named_parameters()) {
    if (left_out_.contains(item.key())) continue;
    const Tensor* mean = file.find(prefix + "mean." + item.key());
    if (mean == nullptr || torch::IntArrayRef(mean->shape) != item.value().sizes()) {
      throw Error(
          fmt::format("the saved weight average does not fit the network at \"{}\"", item.key()));
    }
    mean_.emplace_back(item.key(), to_torch(*mean).to(item.value().options()).clone());
  }
}

void update_batch_norm(System& system, const std::function<std::optional<Batch>()>& next) {
  const torch::NoGradGuard no_grad;
  const auto norms = norms_of(system.module());
  std::vector<torch::nn::BatchNormOptions> options;
  for (BatchNormImpl* norm : norms) {
    norm->running_mean.zero_();
    norm->running_var.fill_(1.0);
    options.push_back(norm->options);
  }
  system.module().train();
  double seen = 0;
  while (const auto batch = next()) {
    const auto size = static_cast<double>(batch->input.size());
    for (BatchNormImpl* norm : norms) norm->options.momentum(size / (seen + size));
    system.learn(*batch);
    seen += size;
  }
  for (size_t i = 0; i < norms.size(); ++i) norms[i]->options = options[i];
}

}  // namespace bonafide
