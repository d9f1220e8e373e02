#pragma once

#include <filesystem>
#include <string_view>

namespace bonafide {

// What a file is that may hold recordings though its name is none of a recording, in the plural:
// "archives", "videos", "compressed recordings" ("x.wav.gz") or "copies or parts of recordings"
// ("x.wav.1", "x.wav.part", as downloads leave them). By its name alone; empty for any other.
std::string_view unread_kind(const std::filesystem::path& path);

}  // namespace bonafide
