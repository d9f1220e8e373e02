#pragma once

#include <memory>
#include <span>

#include "augment/augmentation.h"

namespace bonafide {

// Mean of the squares, in double; 0 for none.
double power_of(std::span<const float> samples);

// {name: gain, db: [-6, 6]}: multiplied by a random gain, not clipped.
std::unique_ptr<Augmentation> make_gain(Parameters& parameters);

// {name: clipping, percent: [0, 10]}: flattens the loudest samples: so many percent of them, drawn,
// reach the limit. {threshold: [0.1, 0.9]} instead gives the limit as a part of the peak.
std::unique_ptr<Augmentation> make_clipping(Parameters& parameters);

// {name: time_mask, length: [0.2, 0.5]}: a stretch of zeros whose length is a random part of the
// signal, at a random place.
std::unique_ptr<Augmentation> make_time_mask(Parameters& parameters);

}  // namespace bonafide
