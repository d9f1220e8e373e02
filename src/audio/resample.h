#pragma once

#include "audio/waveform.h"

namespace bonafide {

// soxr, 28-bit precision ("very high quality"), no dither. Returns the waveform itself when the
// rate is already right. Throws Error for a rate that is not positive.
Waveform resample(const Waveform& waveform, int sample_rate);

}  // namespace bonafide
