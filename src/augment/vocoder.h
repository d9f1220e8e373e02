#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "audio/waveform.h"

namespace bonafide {

// A way to speak a recording again from its parameters: copy synthesis, the cleanest kind of
// spoof, because words, speaker and timing are those of the original.
struct Vocoder {
  std::string_view name;     // "world"
  std::string_view summary;  // for people
  // Same rate and length. Throws Error for what it cannot do.
  Waveform (*copy)(const Waveform& original, uint64_t seed);
};

const std::vector<Vocoder>& vocoders();

// Throws UsageError with the nearest name.
const Vocoder& find_vocoder(std::string_view name);

// The longest recording that vocoders take, in seconds: their frames are held in memory.
inline constexpr double kMostVocodedSeconds = 300;

// The vocoder's copy of the original, at the original's level (root mean square).
Waveform copy_synthesis(const Waveform& original, const Vocoder& vocoder, uint64_t seed);

}  // namespace bonafide
