#pragma once

#include <filesystem>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/trial.h"

namespace bonafide {

enum class ManifestForm { kCsv, kTsv, kJsonLines };

// By the extension: .tsv, .jsonl (or .json, .ndjson), .csv; CSV for any other.
ManifestForm manifest_form(const std::filesystem::path& path);

// Whether the extension is one of those.
bool is_manifest_name(const std::filesystem::path& path);

// A table with a header (CSV, TSV) or one JSON object a line. Columns or keys are the names of
// trial_fields(); `path` and `label` are needed (label may be missing when `labels_needed` is
// false), `id` defaults to the path as written, unknown ones are passed over. Paths are relative to
// the manifest's folder. Throws UsageError naming file and line: missing columns, wrong field
// count, unknown label, the same trial twice, one recording with two labels, columns of one field
// (`path` and `file`) that contradict each other, a row that means a stretch of a recording
// (base/stretch.h).
std::vector<Trial> read_manifest(const std::filesystem::path& path, bool labels_needed = true);

// The same from text; `path` is where it would lie, and its extension says the form.
std::vector<Trial> parse_manifest(std::string_view text, const std::filesystem::path& path,
                                  bool labels_needed = true);

// In the form that the extension says. Paths are written relative to the manifest's folder where
// they lie below it; columns that no trial has are left out.
void write_manifest(const std::filesystem::path& path, const std::vector<Trial>& trials);

// The same into a stream; paths relative to `folder`.
void write_manifest(std::ostream& out, ManifestForm form, const std::vector<Trial>& trials,
                    const std::filesystem::path& folder);

}  // namespace bonafide
