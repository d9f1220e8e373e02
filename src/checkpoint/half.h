#pragma once

#include <cstdint>

namespace bonafide {

// The value of an IEEE 754 binary16 number ("half").
float half_to_float(uint16_t bits);

// The value of a bfloat16 number: the upper half of a float32.
float bfloat16_to_float(uint16_t bits);

}  // namespace bonafide
