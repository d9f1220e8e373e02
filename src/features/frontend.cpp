#include "features/frontend.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

#include "base/error.h"
#include "base/text.h"
#include "features/lfcc_frontend.h"
#include "features/log_power_frontend.h"
#include "features/waveform_frontend.h"

namespace bonafide {

namespace {

using Maker = std::unique_ptr<Frontend> (*)(const Json& recipe);

const std::map<std::string, Maker>& makers() {
  static const std::map<std::string, Maker> table = {
      {"log-power", make_log_power_frontend},
      {"waveform", make_waveform_frontend},
      {"waveform-and-lfcc", make_lfcc_frontend},
  };
  return table;
}

torch::Tensor stack_defined(const std::vector<NetworkInput>& utterances,
                            torch::Tensor NetworkInput::*part) {
  if (!(utterances.front().*part).defined()) return {};
  std::vector<torch::Tensor> rows;
  for (const NetworkInput& utterance : utterances) rows.push_back(utterance.*part);
  return torch::stack(rows);
}

}  // namespace

NetworkInput NetworkInput::to(torch::Device device, torch::Dtype dtype) const {
  return {wave.defined() ? wave.to(device, dtype) : wave,
          features.defined() ? features.to(device, dtype) : features};
}

int64_t NetworkInput::size() const { return (wave.defined() ? wave : features).size(0); }

NetworkInput stack(const std::vector<NetworkInput>& utterances) {
  if (utterances.empty()) throw Error("a batch of no utterances");
  return {stack_defined(utterances, &NetworkInput::wave),
          stack_defined(utterances, &NetworkInput::features)};
}

std::unique_ptr<Frontend> make_frontend(const Json& recipe) {
  const Json name = recipe["input"]["frontend"].value("name", Json("waveform"));
  const auto maker = name.is_string() ? makers().find(name.get<std::string>()) : makers().end();
  if (maker == makers().end()) {
    std::vector<std::string> names;
    for (const auto& [known, make] : makers()) names.push_back(known);
    throw UsageError(fmt::format("input.frontend.name: there is no {}; there are: {}",
                                 printable(name.dump()), fmt::join(names, ", ")));
  }
  return maker->second(recipe);
}

}  // namespace bonafide
