#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "corpus/trial.h"

namespace bonafide {

// A CSV table with a header. Columns `path` and `label` are needed (label may be missing when
// `labels_needed` is false), `id` (default: the path as written), `speaker`, `attack` (or `system`) and `partition` (or
// `subset`, `split`) are understood, others passed over. Paths are relative to the manifest's folder. Throws
// UsageError naming file and line: missing columns, wrong field count, unknown label, duplicate id.
std::vector<Trial> read_manifest(const std::filesystem::path& path, bool labels_needed = true);

// Paths are written relative to the manifest's folder where they lie below it.
void write_manifest(const std::filesystem::path& path, const std::vector<Trial>& trials);

}  // namespace bonafide
