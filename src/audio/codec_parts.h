#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <vector>

#include "audio/codec.h"

namespace bonafide {

// What the files codec_*.cpp share, and their lines of the table. For codec.cpp only.

int16_t to_pcm16(float sample);  // rounded and clipped; NaN becomes 0
float from_pcm16(int16_t sample);

// As 16-bit samples, filled up with zeros to a multiple of `multiple`.
std::vector<int16_t> to_pcm16(const std::vector<float>& samples, size_t multiple);

// The mode whose rate is nearest.
size_t nearest_rate(const std::vector<int>& rates, int bit_rate);

// What `pass` makes of the waveform, without the first `delay` samples. The waveform is longer by
// as many zeros, so that its end comes through.
template <typename Pass>
Waveform without_delay(Waveform waveform, int delay, const Pass& pass) {
  const size_t length = waveform.samples.size();
  waveform.samples.resize(length + static_cast<size_t>(delay));
  Waveform late = pass(waveform);
  late.samples.erase(late.samples.begin(),
                     late.samples.begin() + std::min<ptrdiff_t>(delay, std::ssize(late.samples)));
  late.samples.resize(length);
  return late;
}

Codec amr_nb_codec();
Codec amr_wb_codec();
Codec opus_codec();
Codec mp3_codec();
Codec vorbis_codec();
Codec aac_codec();

}  // namespace bonafide
