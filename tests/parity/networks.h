#pragma once

#include <torch/torch.h>

#include <memory>

#include "case.h"
#include "models/network.h"

namespace bonafide {

// The network that a case's model_config describes, filled, in its mode, with the case's filter
// bank and mask.
std::shared_ptr<Network> network_of(const Case& golden, torch::Dtype dtype);

}  // namespace bonafide
