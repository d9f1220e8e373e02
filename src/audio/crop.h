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

// Which stretch of a long recording a crop takes.
enum class Stretch { kRandom, kFirst, kMiddle };

// Where a stretch of `length` samples begins in a recording of `total`: anywhere, as crop_random
// has it; at the start; with as much before as after it (the odd sample after, as in SAME). 0 in
// a recording that is not longer.
size_t stretch_start(Stretch which, size_t total, size_t length, Random& random);

// What to do with a recording that is too short.
enum class Filling { kRepeat, kZeros };

// Repeats the samples, or puts zeros behind them, up to `length`; leaves longer ones alone.
// Throws Error for no samples.
std::vector<float> filled(std::vector<float> samples, size_t length, Filling filling);

}  // namespace bonafide
