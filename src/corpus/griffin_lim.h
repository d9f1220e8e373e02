#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace bonafide {

// Copy synthesis by Griffin and Lim (1984) with the momentum of Perraudin et al. (2013): keeps the
// magnitudes of the short-time Fourier transform (512 samples, hop 128), forgets the phases, and
// looks for phases that fit, from random ones drawn with `seed`. Same length as the input.
std::vector<float> griffin_lim(std::span<const float> samples, int iterations, uint64_t seed);

}  // namespace bonafide
