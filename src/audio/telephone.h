#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "audio/waveform.h"

namespace bonafide {

// ITU-T G.722 at 64 kbit/s, one byte for two samples at 16 kHz. encode needs 16 kHz and throws
// Error otherwise; samples outside [-1, 1) are clipped. The decoder yields 16-bit steps.
std::vector<std::byte> encode_g722(const Waveform& waveform);
Waveform decode_g722(std::span<const std::byte> bytes);

// One generation of a telephone codec: encoded, decoded again, at the same rate and length.
Waveform through_g722(const Waveform& waveform);  // needs 16 kHz
Waveform through_gsm(const Waveform& waveform);   // GSM 06.10 full rate; needs 8 kHz

}  // namespace bonafide
