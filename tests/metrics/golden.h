#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace bonafide {

// The folder of golden cases: the first of BONAFIDE_GOLDEN, or ../shared/golden. It may be missing.
inline std::filesystem::path golden_directory() {
  if (const char* listed = std::getenv("BONAFIDE_GOLDEN"); listed != nullptr && *listed != '\0') {
    const std::string paths = listed;
    return paths.substr(0, paths.find(':'));
  }
  return std::filesystem::path(BONAFIDE_SOURCE_DIR) / ".." / "shared" / "golden";
}

}  // namespace bonafide
