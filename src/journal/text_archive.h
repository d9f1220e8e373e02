#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace bonafide {

// Writes a compressed zip archive of texts, each with its name; it is there whole or not at all.
// Throws Error naming the file.
void write_text_archive(const std::filesystem::path& path,
                        const std::vector<std::pair<std::string, std::string>>& texts);

}  // namespace bonafide
