#pragma once

#include "features/frontend.h"

namespace bonafide {

// The waveform itself: at most input.samples of it, filled up to that as input.crop says. With
// input.frontend.pre_emphasis above 0 each sample less so much of the one before it, the first one
// as it is, before the filling.
std::unique_ptr<Frontend> make_waveform_frontend(const Json& input, const FrontendUse& use);

}  // namespace bonafide
