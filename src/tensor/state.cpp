#include "tensor/state.h"

#include <fmt/format.h>

#include <set>

#include "base/error.h"
#include "base/text.h"
#include "tensor/conversion.h"

namespace bonafide {

namespace {

void collect(const torch::nn::Module& module, const std::string& prefix, NamedTensors& state) {
  for (const auto& item : module.named_parameters(/*recurse=*/false)) {
    state.emplace_back(prefix + item.key(), item.value());
  }
  for (const auto& item : module.named_buffers(/*recurse=*/false)) {
    state.emplace_back(prefix + item.key(), item.value());
  }
  for (const auto& child : module.named_children()) {
    collect(*child.value(), prefix + child.key() + ".", state);
  }
}

}  // namespace

NamedTensors state_of(const torch::nn::Module& module) {
  NamedTensors state;
  collect(module, "", state);
  return state;
}

TensorFile save_state(const torch::nn::Module& module) {
  TensorFile file;
  for (const auto& [name, tensor] : state_of(module)) {
    file.tensors.emplace_back(name, from_torch(tensor));
  }
  return file;
}

std::vector<WantedTensor> wanted_by(const torch::nn::Module& module) {
  std::vector<WantedTensor> wanted;
  for (const auto& [name, tensor] : state_of(module)) {
    wanted.push_back({name, tensor.sizes().vec()});
  }
  return wanted;
}

void load_state(torch::nn::Module& module, const TensorFile& file, const std::string& name) {
  const torch::NoGradGuard no_grad;
  const NamedTensors state = state_of(module);
  const WeightFit fit = fit_of(file, wanted_by(module));
  if (!fit.whole()) {
    throw Error(fmt::format("{}: does not fit the network: {}", printable(name), fit.why_not()));
  }
  for (const auto& [given, number] : fit.taken) {
    const Tensor& tensor = file.tensors[given].second;
    torch::Tensor(state[number].second).copy_(to_torch(tensor));
    file.let_go(tensor);
  }
  file.expect_unchanged();
}

Taken take_state(torch::nn::Module& module, const TensorFile& file, const std::string& take,
                 const std::string& into) {
  const torch::NoGradGuard no_grad;
  Taken taken;
  std::set<std::string> places;
  for (auto [key, tensor] : state_of(module)) {
    if (!key.starts_with(into)) continue;
    const std::string theirs = take + key.substr(into.size());
    places.insert(theirs);
    const bool counts = !WantedTensor{key, {}}.optional();
    const Tensor* given = file.find(theirs);
    if (given == nullptr) {
      if (counts) taken.absent.push_back(key);
    } else if (tensor.sizes() != c10::IntArrayRef(given->shape)) {
      taken.misshapen.push_back(key);
    } else {
      tensor.copy_(to_torch(*given));
      file.let_go(*given);
      if (counts) taken.names.push_back(key);
    }
  }
  for (const auto& [key, tensor] : file.tensors) {
    if (key.starts_with(take) && !places.contains(key)) {
      taken.surplus.push_back(printable(key, 80));
    }
  }
  file.expect_unchanged();
  return taken;
}

}  // namespace bonafide
