#pragma once

#include "features/frontend.h"

namespace bonafide {

// The waveform itself: at most input.samples of it, filled up to that as input.crop says.
std::unique_ptr<Frontend> make_waveform_frontend(const Json& input, const FrontendUse& use);

}  // namespace bonafide
