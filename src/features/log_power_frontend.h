#pragma once

#include "features/frontend.h"

namespace bonafide {

// LightCNN's input: the log-power spectrogram of the whole utterance, cut or repeated to
// input.frontend.frames columns. In training, after the published code: Gaussian noise on the
// samples of some utterances (train.noise), masks on the uncropped spectrogram of some
// (train.masks), and a random place for the cut (train.crop).
std::unique_ptr<Frontend> make_log_power_frontend(const Json& input, const FrontendUse& use);

}  // namespace bonafide
