#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "audio/waveform.h"
#include "base/random.h"

namespace bonafide {

// The processing that both classes of the mini corpus go through alike, so that nothing but the
// voice tells them apart: one codec, one band, no silence around, one law of lengths, levels and
// noise. The steps are in the order of use.

// What every file of a partition has been through exactly once.
enum class Channel { kWideband, kTelephone };  // G.722 up to 6.8 kHz; GSM up to 3.4 kHz

// Hz, at which prompts of the channel are decoded and coded.
int coding_rate(Channel channel);

// Once through the channel's codec.
Waveform through_codec(const Waveform& prompt, Channel channel);

// Without its mean, 100 Hz to the channel's band edge (16th-order Butterworth below, linear phase
// above), at 16 kHz.
Waveform limit_band(const Waveform& prompt, Channel channel);

// What lies within 40 dB of the loudest 10 ms, and exactly 50 ms around it: zeros where the
// recording has less, because only human prompts begin at once.
std::vector<float> trim_silence(std::span<const float> samples, int sample_rate);

// Seconds of an utterance: 3 to 5.
double draw_seconds(Random& random);

// Root mean square to a random -30 to -22 dBFS (less where it would clip), white noise at a random
// -72 to -62 dBFS, then 16 bits. Mean and exact zeros are gone.
std::vector<int16_t> set_level(std::span<const float> samples, Random& random);

}  // namespace bonafide
