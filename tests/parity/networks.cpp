#include "networks.h"

namespace bonafide {

std::shared_ptr<Network> network_of(const Case& golden, torch::Dtype dtype) {
  auto network = make_network(golden.config().at("model_config"));
  golden.fill(*network);
  network->to(dtype);
  network->train(golden.training());
  if (golden.has_input("sinc_filters")) {
    network->sinc_conv()->replace(golden.input("sinc_filters", torch::kFloat64));
  }
  const Json mask = golden.config().value("masked_filters", Json::array({0, 0}));
  network->sinc_conv()->mask(mask.at(0), mask.at(1));
  return network;
}

}  // namespace bonafide
