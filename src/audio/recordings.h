#pragma once

#include <filesystem>
#include <vector>

namespace bonafide {

// Every file in the folder and below whose name is one of a recording, sorted by name. Links to
// folders are not followed. A folder that cannot be read stands for itself: decoding it says why.
std::vector<std::filesystem::path> list_recordings(const std::filesystem::path& folder);

}  // namespace bonafide
