#include "tensor/state.h"

#include <fmt/format.h>

#include <set>

#include "base/error.h"
#include "base/text.h"
#include "tensor/conversion.h"

namespace bonafide {

namespace {

constexpr std::string_view kCounter = "num_batches_tracked";

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

// "2 tensors are missing (a, b)", the first few named.
std::string list(const std::vector<std::string>& names, std::string_view trouble) {
  constexpr size_t kShown = 3;
  const std::vector<std::string> shown(
      names.begin(), names.begin() + static_cast<long>(std::min(kShown, names.size())));
  return fmt::format("{} {} {} ({}{})", names.size(), names.size() == 1 ? "tensor" : "tensors",
                     trouble, fmt::join(shown, ", "), names.size() > kShown ? ", ..." : "");
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

void load_state(torch::nn::Module& module, const TensorFile& file, const std::string& name) {
  const torch::NoGradGuard no_grad;
  std::vector<std::string> missing, misshapen, surplus;
  std::set<std::string> known;
  const NamedTensors state = state_of(module);
  for (const auto& [key, tensor] : state) {
    known.insert(key);
    const Tensor* given = file.find(key);
    if (given == nullptr) {
      if (!key.ends_with(kCounter)) missing.push_back(key);
    } else if (tensor.sizes() != c10::IntArrayRef(given->shape)) {
      misshapen.push_back(fmt::format("{} is [{}], the network has {}", key,
                                      fmt::join(given->shape, ", "), c10::str(tensor.sizes())));
    }
  }
  for (const auto& [key, tensor] : file.tensors) {
    if (known.count(key) == 0) surplus.push_back(printable(key, 80));
  }
  std::vector<std::string> troubles;
  if (!missing.empty()) troubles.push_back(list(missing, "missing"));
  if (!misshapen.empty()) troubles.push_back(list(misshapen, "of another shape"));
  if (!surplus.empty()) troubles.push_back(list(surplus, "unknown to it"));
  if (!troubles.empty()) {
    throw Error(fmt::format("{}: does not fit the network: {}", printable(name),
                            fmt::join(troubles, ", ")));
  }
  for (auto [key, tensor] : state) {
    if (const Tensor* given = file.find(key)) tensor.copy_(to_torch(*given));
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
    const Tensor* given = file.find(theirs);
    if (given == nullptr) {
      if (!key.ends_with(kCounter)) taken.absent.push_back(key);
    } else if (tensor.sizes() != c10::IntArrayRef(given->shape)) {
      taken.misshapen.push_back(key);
    } else {
      tensor.copy_(to_torch(*given));
      if (!key.ends_with(kCounter)) taken.names.push_back(key);
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
