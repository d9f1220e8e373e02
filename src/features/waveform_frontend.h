#pragma once

#include "features/frontend.h"

namespace bonafide {

// The waveform itself, cut or repeated to input.samples: its beginning, or in training a random
// stretch (train.crop).
std::unique_ptr<Frontend> make_waveform_frontend(const Json& input, const FrontendUse& use);

}  // namespace bonafide
