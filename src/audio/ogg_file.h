#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "audio/sound_source.h"

namespace bonafide {

// Whether the bytes begin as an Ogg file does.
bool is_ogg(std::span<const std::byte> bytes);

// An Ogg file in memory with Vorbis, Opus or FLAC: all links of a chain, one after another, and of
// several streams side by side the first that is one of these. The remarks name what else is there,
// and where pages are missing or damaged. The bytes must outlive it. Throws Error when no link can
// be read.
std::unique_ptr<SoundSource> open_ogg(std::span<const std::byte> bytes);

}  // namespace bonafide
