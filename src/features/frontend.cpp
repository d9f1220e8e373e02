#include "features/frontend.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "base/error.h"
#include "base/json_value.h"
#include "base/text.h"
#include "features/lfcc_frontend.h"
#include "features/log_power_frontend.h"
#include "features/waveform_frontend.h"

namespace bonafide {

namespace {

using Maker = std::unique_ptr<Frontend> (*)(const Json& input, const FrontendUse& use);

const std::map<std::string, Maker>& makers() {
  static const std::map<std::string, Maker> table = {
      {"log-power", make_log_power_frontend},
      {"waveform", make_waveform_frontend},
      {"waveform-and-lfcc", make_lfcc_frontend},
  };
  return table;
}

int64_t longest(const std::vector<NetworkInput>& utterances) {
  int64_t most = 0;
  for (const NetworkInput& utterance : utterances) most = std::max(most, utterance.wave.size(0));
  return most;
}

void stack_waves(const std::vector<NetworkInput>& utterances, NetworkInput& batch) {
  if (!utterances.front().wave.defined()) return;
  const int64_t most = longest(utterances);
  std::vector<torch::Tensor> waves;
  std::vector<int64_t> lengths;
  for (const NetworkInput& utterance : utterances) {
    lengths.push_back(utterance.wave.size(0));
    waves.push_back(torch::constant_pad_nd(utterance.wave, {0, most - lengths.back()}));
  }
  batch.wave = torch::stack(waves);
  const auto is_short = [&](int64_t length) { return length < most; };
  if (std::any_of(lengths.begin(), lengths.end(), is_short)) batch.length = torch::tensor(lengths);
}

void stack_features(const std::vector<NetworkInput>& utterances, NetworkInput& batch) {
  if (!utterances.front().features.defined()) return;
  std::vector<torch::Tensor> features;
  for (const NetworkInput& utterance : utterances) {
    if (utterance.features.sizes() != utterances.front().features.sizes()) {
      throw Error("features of different sizes do not make a batch");
    }
    features.push_back(utterance.features);
  }
  batch.features = torch::stack(features);
}

}  // namespace

NetworkInput NetworkInput::to(torch::Device device, torch::Dtype dtype) const {
  NetworkInput there(wave.defined() ? wave.to(device, dtype) : wave,
                     features.defined() ? features.to(device, dtype) : features);
  if (length.defined()) there.length = length.to(device);
  return there;
}

int64_t NetworkInput::size() const { return (wave.defined() ? wave : features).size(0); }

NetworkInput stack(const std::vector<NetworkInput>& utterances) {
  if (utterances.empty()) throw Error("a batch of no utterances");
  NetworkInput batch;
  stack_waves(utterances, batch);
  stack_features(utterances, batch);
  return batch;
}

std::unique_ptr<Frontend> make_frontend(const Json& input, const FrontendUse& use) {
  const Json name = input["frontend"].value("name", Json("waveform"));
  const auto maker = name.is_string() ? makers().find(name.get<std::string>()) : makers().end();
  if (maker == makers().end()) {
    std::vector<std::string> names;
    for (const auto& [known, make] : makers()) names.push_back(known);
    throw UsageError(fmt::format("input.frontend.name: there is no {}; there are: {}",
                                 printable(name.dump()), fmt::join(names, ", ")));
  }
  return maker->second(input, use);
}

}  // namespace bonafide
