#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "audio/sound_source.h"

namespace bonafide {

// The decoder for a recording in memory, by what its bytes are. `raw_format` is 0, or what
// SoundFile takes for bytes without a header. All streams that follow one another in the file are
// read as one (audio/chained_source.h), without the tags around them. The bytes must outlive it.
// Throws Error with what the bytes look like instead, or what the decoder said.
std::unique_ptr<SoundSource> open_recording(std::span<const std::byte> bytes, int raw_format = 0);

}  // namespace bonafide
