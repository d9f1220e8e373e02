#pragma once

#include <memory>

#include "base/json.h"
#include "models/network.h"

namespace bonafide {

// RawGAT-ST (Tak et al., ASVspoof 2021 workshop, arXiv:2107.12710), with the options first_conv and
// filts of AASIST's trunk. It takes 63551 to 65737 samples: its projections want 29 frames.
std::shared_ptr<Network> make_rawgat_st(const Json& model);

}  // namespace bonafide
