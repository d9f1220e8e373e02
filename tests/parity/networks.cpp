#include "networks.h"

#include <fmt/format.h>

#include "base/json_value.h"
#include "training.h"

namespace bonafide {

std::shared_ptr<Network> make_filled(const Case& golden, const Json& model, torch::Dtype dtype) {
  auto network = make_network(model);
  golden.fill(*network);
  network->to(dtype);
  network->train(golden.training());
  if (golden.training()) without_dropout(*network);
  return network;
}

std::shared_ptr<Network> network_of(const Case& golden, torch::Dtype dtype) {
  auto network = make_filled(golden, golden.config().at("model_config"), dtype);
  if (golden.has_input("sinc_filters")) {
    network->sinc_conv()->replace(golden.input("sinc_filters", torch::kFloat64));
  }
  const Json mask = golden.config().value("masked_filters", Json::array({0, 0}));
  network->sinc_conv()->mask(mask.at(0), mask.at(1));
  return network;
}

void watch(Network& network, Results& results) {
  network.watch([&results](const std::string& name, const torch::Tensor& value) {
    results[name] = value.detach().clone();
  });
}

std::vector<std::vector<float>> utterances_of(const Case& golden) {
  std::vector<std::vector<float>> utterances;
  for (size_t i = 0; golden.has_input(fmt::format("utterance_{}", i)); ++i) {
    const auto samples = golden.input(fmt::format("utterance_{}", i), torch::kFloat32).contiguous();
    utterances.emplace_back(samples.data_ptr<float>(), samples.data_ptr<float>() + samples.numel());
  }
  return utterances;
}

}  // namespace bonafide
