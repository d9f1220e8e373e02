#include "train/training_state.h"

#include <ATen/CPUGeneratorImpl.h>
#include <fmt/format.h>

#include "base/error.h"
#include "base/json_fault.h"
#include "base/json_value.h"
#include "base/text.h"
#include "checkpoint/base_weights.h"
#include "checkpoint/safetensors.h"
#include "tensor/conversion.h"
#include "tensor/state.h"

namespace bonafide {

namespace {

constexpr const char* kKey = "bonafide-training";
constexpr int64_t kFormat = 1;  // states from before the number have none, and are read as such

std::string random_name(int rank) { return fmt::format("random.{}", rank); }

Json to_json(const TrainingState& s, const TrainingParts& parts, int processes) {
  return {{"format", kFormat},
          {"epoch", s.epoch},
          {"batch", s.batch},
          {"steps", s.steps},
          {"epoch_seconds", s.epoch_seconds},
          {"better_epoch", s.better_epoch},
          {"loss_sum", s.loss_sum},
          {"best_eer", s.best_eer},
          {"best_epoch", s.best_epoch},
          {"best_test_tdcf", s.best_test_tdcf ? Json(*s.best_test_tdcf) : Json()},
          {"seconds", s.seconds},
          {"processes", processes},
          {"schedule", parts.schedule.state()},
          {"scaler", parts.scaler.state()},
          {"base", s.base}};
}

TrainingState from_json(const Json& json, const TrainingParts& parts) {
  TrainingState state;
  json.at("epoch").get_to(state.epoch);
  json.at("batch").get_to(state.batch);
  // Earlier versions kept none of these.
  if (const Json tdcf = json.value("best_test_tdcf", Json()); !tdcf.is_null()) {
    state.best_test_tdcf = tdcf.get<double>();
  }
  state.steps = json.value("steps", int64_t{-1});
  state.epoch_seconds = json.value("epoch_seconds", 0.0);
  json.at("loss_sum").get_to(state.loss_sum);
  const Json& best = json.at("best_eer");  // null stands for "none yet" (infinity)
  state.best_eer = best.is_null() ? std::numeric_limits<double>::infinity() : best.get<double>();
  json.at("best_epoch").get_to(state.best_epoch);
  state.better_epoch = json.value("better_epoch", state.best_epoch);
  json.at("seconds").get_to(state.seconds);
  state.base = json.value("base", Json());
  parts.scaler.restore(json.at("scaler"));
  if (!json.at("schedule").is_null()) parts.schedule.restore(json.at("schedule"));
  return state;
}

TensorFile with_prefix_removed(const TensorFile& file, const std::string& prefix) {
  TensorFile part;
  for (const auto& [name, tensor] : file.tensors) {
    if (name.starts_with(prefix)) part.tensors.emplace_back(name.substr(prefix.size()), tensor);
  }
  return part;
}

torch::Tensor random_numbers() { return at::detail::getDefaultCPUGenerator().get_state(); }

// Rank by rank.
std::vector<torch::Tensor> gather_random_numbers(Communicator& communicator) {
  const auto mine = random_numbers().contiguous();
  const auto all = communicator.gather(
      std::string(static_cast<const char*>(mine.data_ptr()), static_cast<size_t>(mine.nbytes())));
  std::vector<torch::Tensor> states;
  for (const std::string& bytes : all) {
    auto state = torch::empty({static_cast<int64_t>(bytes.size())}, torch::kUInt8);
    std::memcpy(state.data_ptr(), bytes.data(), bytes.size());
    states.push_back(state);
  }
  return states;
}

}  // namespace

void save_training(const std::filesystem::path& path, const TrainingState& state,
                   const TrainingParts& parts, Communicator& communicator) {
  const auto random = gather_random_numbers(communicator);
  if (!communicator.first()) return;
  TensorFile file;
  const auto elsewhere = names_in_base(state.base);
  for (const auto& [name, tensor] : state_of(parts.system.module())) {
    if (!elsewhere.contains(name)) file.tensors.emplace_back("model." + name, from_torch(tensor));
  }
  parts.optimizer.save("optimizer.", file);
  parts.average.save("average.", file);
  parts.moving.save("moving.", file);
  for (size_t rank = 0; rank < random.size(); ++rank) {
    file.tensors.emplace_back(random_name(static_cast<int>(rank)), from_torch(random[rank]));
  }
  file.metadata[kKey] = to_json(state, parts, communicator.size()).dump();
  write_safetensors(path, file);
}

TrainingState load_training(const std::filesystem::path& path, const TrainingParts& parts,
                            const Communicator& communicator) {
  TensorFile file = read_safetensors(path);
  const std::string name = path.string();
  const auto text = file.metadata.find(kKey);
  const Tensor* random = file.find(random_name(communicator.rank()));
  if (text == file.metadata.end()) {
    throw Error(fmt::format("{}: not the state of a training run", printable(name)));
  }
  TrainingState state;
  try {
    const Json json = Json::parse(text->second);
    if (const auto format = json.value("format", kFormat); format > kFormat) {
      throw Error(fmt::format("{}: a run of format {}; this bonafide reads formats up to {}",
                              printable(name), format, kFormat));
    }
    const auto processes = json.at("processes").get<int>();
    if (processes != communicator.size() || random == nullptr) {
      throw Error(fmt::format("{}: saved by {} processes, which must be as many to go on",
                              printable(name), processes));
    }
    state = from_json(json, parts);
  } catch (const Json::exception& e) {
    throw Error(
        fmt::format("{}: not the state of a training run: {}", printable(name), json_fault(e)));
  }
  add_base_weights(file, state.base, "model.", name);
  load_state(parts.system.module(), with_prefix_removed(file, "model."), name);
  parts.optimizer.load("optimizer.", file);
  try {
    for (WeightAverage* mean : {&parts.average, &parts.moving}) mean->leave_out(state.base);
    parts.average.load("average.", file, parts.system.module());
    parts.moving.load("moving.", file, parts.system.module());
  } catch (const Error& e) {
    throw Error(fmt::format("{}: {}", printable(name), e.what()));
  }
  auto generator = at::detail::getDefaultCPUGenerator();
  generator.set_state(to_torch(*random).clone());
  file.expect_unchanged();
  return state;
}

}  // namespace bonafide
