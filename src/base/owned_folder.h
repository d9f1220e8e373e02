#pragma once

#include <filesystem>

#include "base/json.h"

namespace bonafide {

// Makes a folder that the results of one set of settings own, so that a rerun never mixes two, or
// finds it as an earlier run with the same settings left it. It keeps them in `settings.json`.
// Throws UsageError for a folder that has other files, or the results of other settings, and Error
// when it cannot be made.
void claim_folder(const std::filesystem::path& folder, const Json& settings);

}  // namespace bonafide
