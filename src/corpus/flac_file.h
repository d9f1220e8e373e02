#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

namespace bonafide {

// Writes 16-bit mono FLAC beside `path` and renames it, so that `path` is whole when it exists.
// Throws Error.
void write_flac(const std::filesystem::path& path, std::span<const int16_t> samples,
                int sample_rate);

}  // namespace bonafide
