#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/random.h"

namespace bonafide {

// The reference's evaluation rule: the first `length` samples; a shorter signal is repeated from
// its start and cut. `samples` must not be empty.
std::vector<float> crop_first(std::span<const float> samples, size_t length);

// The reference's training rule: a stretch of `length` samples from a random start; a shorter
// signal is repeated. Every start 0 .. size - length is equally likely (the reference crashes on a
// signal of exactly `length` samples, and never draws the last start).
std::vector<float> crop_random(std::span<const float> samples, size_t length, Random& random);

}  // namespace bonafide
