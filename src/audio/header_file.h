#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "audio/sound_source.h"

namespace bonafide {

// A file in memory whose header says where its samples lie (audio/data_extent.h), decoded by
// libsndfile; any other that libsndfile knows as well. Samples are read as far as they go where the
// header cannot say it: that of a stream, and in WAV a size that wrapped round at 4 GiB.
// Files that were appended to it are read too. The remarks name bytes that are missing or left. The
// bytes must outlive it. Throws Error when libsndfile cannot read it.
std::unique_ptr<SoundSource> open_header_file(std::span<const std::byte> bytes);

}  // namespace bonafide
