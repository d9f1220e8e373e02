#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "audio/sound_source.h"

namespace bonafide {

// A FLAC file in memory, or several that were appended to one another. The bytes, which begin as
// FLAC does, must outlive it. Throws Error when none can be read.
std::unique_ptr<SoundSource> open_flac(std::span<const std::byte> bytes);

}  // namespace bonafide
