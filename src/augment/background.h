#pragma once

#include <memory>
#include <span>
#include <vector>

#include "augment/augmentation.h"

namespace bonafide {

// Noises added at signal-to-noise ratios as the speaker-recognition recipes add MUSAN: a level is
// 10 log10(mean square + 1e-4), the ratio of each noise is against the clean signal, and the sum of
// all noises is added. `noises` are as long as `clean`, one SNR in dB for each.
std::vector<float> add_noises(std::span<const float> clean,
                              const std::vector<std::vector<float>>& noises,
                              std::span<const double> snr_db);

// The first samples of the full convolution with the impulse response divided by its L2 norm, as
// many as x has. A silent response leaves x as it is.
std::vector<float> reverberate(std::span<const float> x, std::span<const float> response);

// {name: background, folder: /data/musan, category: noise, count: [1, 1], snr_db: [0, 15]}:
// stretches of recordings below the folder, each from a random start, repeated where short. The
// category sets the defaults of count and snr_db: noise 1 at 0..15 dB, music 1 at 5..15, speech
// (babble) 3..7 at 13..20.
std::unique_ptr<Augmentation> make_background(Parameters& parameters);

// {name: reverberation, folder: /data/RIRS_NOISES/simulated_rirs}
std::unique_ptr<Augmentation> make_reverberation(Parameters& parameters);

}  // namespace bonafide
