#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "audio/sound_source.h"

namespace bonafide {

// MPEG audio in memory, decoded by mpg123. libsndfile would do the same, but lets mpg123 write its
// remarks about broken files to stderr. Where the sample rate or the channels change it goes on as
// another stream (audio/chained_source.h). The bytes, without tags, must outlive it. Throws Error
// when none can be read.
std::unique_ptr<SoundSource> open_mpeg(std::span<const std::byte> bytes);

}  // namespace bonafide
