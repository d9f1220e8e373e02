#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/random.h"

namespace bonafide {

// The published evaluation rule of AASIST's framework: the first `length` samples; a shorter signal
// is repeated from its start and cut. `samples` must not be empty.
std::vector<float> crop_first(std::span<const float> samples, size_t length);

// The published training rule: a stretch of `length` samples from a random start; a shorter signal
// is repeated. Every start 0 .. size - length is equally likely (the published code crashes on a
// signal of exactly `length` samples, and never draws the last start).
std::vector<float> crop_random(std::span<const float> samples, size_t length, Random& random);

// Which stretch of a long recording is taken.
enum class Stretch { kRandom, kFirst, kMiddle, kWhole };

// Where a stretch of `length` samples begins in a recording of `total`: anywhere, as crop_random
// has it; at the start; with as much before as after it (the odd sample after, as in SAME). 0 in
// a recording that is not longer, and for the whole, of which `length` samples are the most.
size_t stretch_start(Stretch which, size_t total, size_t length, Random& random);

// What makes a recording that is too short as long as it should be.
enum class Filling { kRepeat, kZeros, kNone };

// Repeats the samples, or puts zeros behind them, up to `length`; leaves longer ones alone, and all
// of them where the filling is kNone. Throws Error for no samples.
std::vector<float> filled(std::vector<float> samples, size_t length, Filling filling);

// A stretch of a recording, made long enough.
struct Crop {
  Stretch stretch = Stretch::kRandom;
  size_t samples = 64600;
  Filling filling = Filling::kRepeat;
};

}  // namespace bonafide
