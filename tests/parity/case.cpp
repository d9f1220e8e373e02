#include "case.h"

#include <fmt/format.h>

#include <cmath>
#include <set>

#include "base/error.h"
#include "base/json_value.h"
#include "base/random.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/safetensors.h"
#include "tensor/conversion.h"
#include "tensor/state.h"

namespace bonafide {

namespace {

// golden.py: uniform numbers in [0, 1) with 24 bits, from a name.
torch::Tensor golden_uniform(const std::string& name, torch::IntArrayRef shape) {
  auto values = torch::empty(shape, torch::kFloat64);
  const uint64_t seed = hash(name);
  double* data = values.data_ptr<double>();
  for (int64_t i = 0; i < values.numel(); ++i) {
    data[i] = static_cast<double>(scatter(seed + static_cast<uint64_t>(i)) >> 40) * 0x1.0p-24;
  }
  return values;
}

torch::Tensor golden_waveform(const std::string& name, torch::IntArrayRef shape, double amplitude) {
  return (amplitude * (2.0 * golden_uniform(name, shape) - 1.0)).to(torch::kFloat32);
}

Json parse(const TensorFile& file, const std::string& key) {
  const auto text = file.metadata.find(key);
  return text == file.metadata.end() ? Json() : Json::parse(text->second);
}

std::string text(const TensorFile& file, const std::string& key) {
  const auto it = file.metadata.find(key);
  return it == file.metadata.end() ? "" : it->second;
}

bool ends_with_any(const std::string& name, const Json& suffixes) {
  for (const Json& suffix : suffixes) {
    if (name.ends_with(suffix.get<std::string>())) return true;
  }
  return false;
}

}  // namespace

torch::Tensor golden_values(const std::string& name, torch::IntArrayRef shape) {
  const auto u = golden_uniform(name, shape);
  const auto s = 2.0 * u - 1.0;
  torch::Tensor values;
  if (name.ends_with("num_batches_tracked")) {
    values = torch::zeros_like(u);
  } else if (name.ends_with("running_mean")) {
    values = 0.1 * s;
  } else if (name.ends_with("running_var")) {
    values = 0.5 + u;
  } else if (shape.size() >= 2) {
    const double fan_in = static_cast<double>(u.numel()) / static_cast<double>(shape[0]);
    values = std::sqrt(3.0 / fan_in) * s;
  } else if (name.ends_with("weight")) {
    values = 1.0 + 0.1 * s;
  } else {
    values = 0.1 * s;
  }
  return values.to(torch::kFloat32);
}

Case::Case(const std::filesystem::path& path)
    : path_(path),
      file_(read_safetensors(path)),
      component_(text(file_, "component")),
      mode_(text(file_, "mode")),
      config_(parse(file_, "config")),
      weights_(parse(file_, "weights")),
      inputs_(parse(file_, "inputs")),
      outputs_(parse(file_, "outputs")) {
  // Layers of another kind than the usual ones make another component of the same name.
  if (!config_.is_object() || !config_.contains("linear")) return;
  const std::string kind = config_["linear"].at("kind");
  if (kind != "plain") component_ += "/" + kind;
}

// "weights/..." lies in the folder above the one of all golden cases; other names beside the case.
std::filesystem::path Case::beside(const std::string& name) const {
  const auto folder = std::filesystem::absolute(path_).parent_path();
  if (!name.starts_with("weights/")) return folder / name;
  for (auto up = folder; up != up.parent_path(); up = up.parent_path()) {
    if (std::filesystem::exists(up / name)) return up / name;
  }
  return std::filesystem::path(BONAFIDE_SOURCE_DIR) / "../shared" / name;
}

torch::Tensor Case::stored(const std::string& name) const {
  const Tensor* tensor = file_.find(name);
  if (tensor == nullptr) throw Error(fmt::format("the case holds no tensor {}", name));
  return to_torch(*tensor).clone();
}

torch::Tensor Case::input(const std::string& name, torch::Dtype dtype) const {
  const Json& spec = inputs_.at(name);
  torch::Tensor value;
  if (spec.contains("waveform")) {
    value = golden_waveform(spec["waveform"], spec["shape"].get<std::vector<int64_t>>(),
                            spec.value("amplitude", 0.1));
  } else if (spec.contains("values")) {
    value = golden_values(spec["values"], spec["shape"].get<std::vector<int64_t>>());
  } else if (spec.contains("file")) {
    const TensorFile other = read_safetensors(beside(spec["file"]));
    const Tensor* tensor = other.find(spec["tensor"].get<std::string>());
    if (tensor == nullptr) throw Error(fmt::format("no tensor for the input {}", name));
    value = to_torch(*tensor).clone();
  } else {
    value = stored(spec.at("tensor"));
  }
  return value.is_floating_point() ? value.to(dtype) : value;
}

std::vector<std::string> Case::input_names() const {
  std::vector<std::string> names;
  for (const auto& item : inputs_.items()) names.push_back(item.key());
  return names;
}

void Case::fill(torch::nn::Module& module, const std::string& prefix) const {
  if (weights_.contains("file")) {
    const auto path = beside(weights_["file"]);
    load_state(module, read_checkpoint(path), path.string());
    return;
  }
  if (!weights_.contains("fill")) return;
  const torch::NoGradGuard no_grad;
  const Json skip = weights_.value("skip", Json::array());
  for (auto [name, tensor] : state_of(module)) {
    if (!ends_with_any(name, skip)) tensor.copy_(golden_values(prefix + name, tensor.sizes()));
  }
}

std::vector<Case::Output> Case::outputs() const {
  std::vector<Output> list;
  for (const auto& [tensor, spec] : outputs_.items()) {
    std::optional<double> tolerance;
    if (spec.contains("tolerance")) tolerance = spec["tolerance"].get<double>();
    list.push_back({tensor, spec.value("of", ""), tolerance, spec.value("select", Json::array()),
                    spec.value("dtype", "") == "float64"});
  }
  return list;
}

std::vector<std::string> Case::unused_tensors() const {
  std::set<std::string> used;
  for (const auto& output : outputs_.items()) used.insert(output.key());
  for (const Json& spec : inputs_) {
    if (!spec.contains("file")) used.insert(spec.value("tensor", ""));
  }
  std::vector<std::string> unused;
  for (const auto& [name, tensor] : file_.tensors) {
    if (!used.contains(name)) unused.push_back(name);
  }
  return unused;
}

torch::Tensor select_part(torch::Tensor full, const Json& steps) {
  for (const Json& step : steps) {
    const std::string kind = step.at(0);
    const bool has_axis = step.size() > 1;
    const int64_t axis = has_axis ? step[1].get<int64_t>() : 0;
    if (kind == "slice") {
      full =
          full.slice(axis, step[2].get<int64_t>(), step[3].get<int64_t>(), step[4].get<int64_t>());
    } else if (kind == "index") {
      full = full.index_select(axis, torch::tensor(step[2].get<std::vector<int64_t>>()));
    } else if (kind == "mean") {
      full = full.mean(axis);
    } else if (kind == "max") {
      full = full.amax(axis);
    } else if (kind == "norm") {
      full = has_axis ? full.to(torch::kFloat64).norm(2, axis)
                      : full.to(torch::kFloat64).norm().view({1});
    } else if (kind == "flatten") {
      full = full.flatten();
    } else {
      throw Error(fmt::format("a case selects by \"{}\"", kind));
    }
  }
  return full;
}

}  // namespace bonafide
