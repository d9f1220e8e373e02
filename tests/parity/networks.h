#pragma once

#include <torch/torch.h>

#include <memory>
#include <vector>

#include "adapters.h"
#include "case.h"
#include "models/network.h"

namespace bonafide {

// The network of these options, filled, in the case's mode; one that trains drops nothing out.
std::shared_ptr<Network> make_filled(const Case& golden, const Json& model, torch::Dtype dtype);

// The same by the case's model_config, with its filter bank and mask.
std::shared_ptr<Network> network_of(const Case& golden, torch::Dtype dtype);

// From now on its intermediate results go into `results`.
void watch(Network& network, Results& results);

// The samples of utterance_0, utterance_1, ...
std::vector<std::vector<float>> utterances_of(const Case& golden);

}  // namespace bonafide
