#include "train/training_state.h"

#include <ATen/CPUGeneratorImpl.h>
#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "checkpoint/safetensors.h"
#include "systems/state.h"
#include "systems/tensors.h"
#include "train/optimizer.h"

namespace bonafide {

namespace {

constexpr const char* kKey = "bonafide-training";
constexpr const char* kRandom = "random";

Json to_json(const TrainingState& s) {
  return {{"epoch", s.epoch},       {"batch", s.batch},           {"loss_sum", s.loss_sum},
          {"best_eer", s.best_eer}, {"best_epoch", s.best_epoch}, {"seconds", s.seconds}};
}

TensorFile with_prefix_removed(const TensorFile& file, const std::string& prefix) {
  TensorFile part;
  for (const auto& [name, tensor] : file.tensors) {
    if (name.starts_with(prefix)) part.tensors.emplace_back(name.substr(prefix.size()), tensor);
  }
  return part;
}

}  // namespace

void save_training(const std::filesystem::path& path, const TrainingState& state, System& system,
                   Optimizer& optimizer, const WeightAverage& average) {
  TensorFile file;
  for (auto& [name, tensor] : save_state(system.module()).tensors) {
    file.tensors.emplace_back("model." + name, std::move(tensor));
  }
  optimizer.save("optimizer.", file);
  average.save("average.", file);
  file.tensors.emplace_back(kRandom, from_torch(at::detail::getDefaultCPUGenerator().get_state()));
  file.metadata[kKey] = to_json(state).dump();
  write_safetensors(path, file);
}

TrainingState load_training(const std::filesystem::path& path, System& system, Optimizer& optimizer,
                            WeightAverage& average) {
  const TensorFile file = read_safetensors(path);
  const std::string name = path.string();
  const auto text = file.metadata.find(kKey);
  const Tensor* random = file.find(kRandom);
  if (text == file.metadata.end() || random == nullptr) {
    throw Error(fmt::format("{}: not the state of a training run", printable(name)));
  }
  TrainingState state;
  try {
    const Json json = Json::parse(text->second);
    json.at("epoch").get_to(state.epoch);
    json.at("batch").get_to(state.batch);
    json.at("loss_sum").get_to(state.loss_sum);
    const Json& best = json.at("best_eer");  // null stands for "none yet" (infinity)
    state.best_eer = best.is_null() ? std::numeric_limits<double>::infinity() : best.get<double>();
    json.at("best_epoch").get_to(state.best_epoch);
    json.at("seconds").get_to(state.seconds);
  } catch (const Json::exception& e) {
    throw Error(fmt::format("{}: not the state of a training run: {}", printable(name), e.what()));
  }
  load_state(system.module(), with_prefix_removed(file, "model."), name);
  optimizer.load("optimizer.", file);
  average.load("average.", file);
  auto generator = at::detail::getDefaultCPUGenerator();
  generator.set_state(to_torch(*random).clone());
  return state;
}

}  // namespace bonafide
