#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "audio/waveform.h"

namespace bonafide {

// Copy synthesis: a recording is taken apart into a vocoder's parameters and put together again.
// Words, speaker, dynamics and length stay, which makes it the cleanest kind of spoof.
struct CopySystem {
  std::string id;       // "sptk-mcep24"
  std::string package;  // of Debian; empty: built in
  std::string program;  // that must be there; empty: none
  int sample_rate = 16000;
  // `scratch`: an empty folder to work in; `seed` for what is random.
  Waveform (*copy)(const Waveform& original, const std::filesystem::path& scratch, uint64_t seed);
};

const std::vector<CopySystem>& copy_systems();

// The system of that id. Throws Error.
const CopySystem& find_copy_system(std::string_view id);

bool is_installed(const CopySystem& system);

}  // namespace bonafide
