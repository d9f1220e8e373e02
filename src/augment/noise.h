#pragma once

#include <memory>
#include <span>
#include <vector>

#include "augment/augmentation.h"

namespace bonafide {

// x + noise scaled so that the ratio of their powers is the SNR in dB. Where one of them is silent
// there is no such scale and x comes back as it is. `noise` is as long as x.
std::vector<float> add_at_snr(std::span<const float> x, std::span<const float> noise,
                              double snr_db);

// White Gaussian noise through a random-phase filter of `points` taps, so that its power density
// falls as 1 / f^decay (0 white, 1 pink, 2 brown, -1 blue, -2 violet), with unit RMS. The rule of
// audiomentations' AddColorNoise without weighting. `points` is a power of two.
std::vector<float> colour_noise(size_t samples, int sample_rate, double decay, size_t points,
                                Random& random);

// {name: white_noise, amplitude: 0.005}: plus amplitude x N(0, 1); the amplitude may be a range.
std::unique_ptr<Augmentation> make_white_noise(Parameters& parameters);
// {name: white_noise_snr, snr_db: [5, 40]}
std::unique_ptr<Augmentation> make_white_noise_snr(Parameters& parameters);
// {name: colour_noise, snr_db: [5, 40], decay: [-2, 2], points: 128}
std::unique_ptr<Augmentation> make_colour_noise(Parameters& parameters);

}  // namespace bonafide
