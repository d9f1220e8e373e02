#pragma once

#include <string>
#include <vector>

#include "audio/waveform.h"

namespace bonafide {

// A picture of each waveform's spectrogram, one above the other, as the bytes of a PNG file: time
// to the right (at most 1600 columns), 0 Hz to half the rate upwards, 80 dB from black to white
// below the loudest of all. Frames of 512 samples under a Hann window. Non-finite samples count as
// 0.
std::string spectrogram_png(const std::vector<const Waveform*>& waveforms);

}  // namespace bonafide
