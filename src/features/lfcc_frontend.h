#pragma once

#include "features/frontend.h"

namespace bonafide {

// S2pecNet's two inputs: the waveform, cut or repeated to input.frontend.wave_samples, and the
// utterance's LFCCs, cut or repeated to input.frontend.frames. In training each is cut at a random
// place of its own (train.crop), as in the published code.
std::unique_ptr<Frontend> make_lfcc_frontend(const Json& input, const FrontendUse& use);

}  // namespace bonafide
