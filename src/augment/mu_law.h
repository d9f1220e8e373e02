#pragma once

#include <cstdint>
#include <memory>

#include "augment/augmentation.h"

namespace bonafide {

// The mu-law companding of torchaudio, with `levels` codes (256: mu = 255). A sample beyond [-1, 1]
// gets a code beyond 0 .. levels - 1; NaN gets code 0.
int32_t encode_mu_law(float sample, int levels);
float decode_mu_law(int32_t code, int levels);

// {name: mu_law, levels: 256}: encoded and decoded again.
std::unique_ptr<Augmentation> make_mu_law(Parameters& parameters);

}  // namespace bonafide
