#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace bonafide {

// Copy synthesis by Griffin and Lim (1984) with the momentum of Perraudin et al. (2013): keeps the
// magnitudes of the short-time Fourier transform (512 samples, hop 128), forgets the phases, and
// looks for phases that fit, from random ones drawn with `seed`. Same length as the input.
std::vector<float> griffin_lim(std::span<const float> samples, int iterations, uint64_t seed);

// The same from magnitudes that went through `bands` triangular mel bands (2595 log10(1 + f/700), 0
// Hz to half the rate) and back by the bands' pseudo-inverse, negative ones set to 0: the spectrum
// is smeared as well.
std::vector<float> griffin_lim_mel(std::span<const float> samples, int sample_rate, int bands,
                                   int iterations, uint64_t seed);

}  // namespace bonafide
