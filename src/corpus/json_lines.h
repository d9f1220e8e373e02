#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "corpus/trial.h"

namespace bonafide {

// One object with the names of trial_fields() as keys, their values as texts or numbers;
// `enrolments` is a list of texts. null and unknown keys are passed over. Paths are taken as they
// stand. The keys of base/stretch.h say which stretch of the recording is meant; Lhotse's cuts are
// read too (corpus/lhotse.h). Throws UsageError.
Trial trial_of_json(const Json& object);

// An object a line; blank lines are passed over. As read_manifest().
std::vector<Trial> parse_json_lines(std::string_view text, const std::filesystem::path& path,
                                    bool labels_needed);

// The line that parse_json_lines reads, with "\n" at its end. Bytes that are no UTF-8 cannot be
// written: throws Error.
std::string json_line(const Trial& trial);

// Parses text of at most 1 MiB and 32 levels whose objects have no key twice. Throws UsageError
// with a short reason.
Json parse_small_json(std::string_view text);

}  // namespace bonafide
