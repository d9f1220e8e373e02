// Any bytes as a manifest, the first saying of which form: trials or one UsageError, nothing else.
// What was read can be written.

#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string_view>

#include "base/error.h"
#include "corpus/manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  static constexpr const char* kNames[] = {"/m/m.csv", "/m/m.tsv", "/m/m.jsonl"};
  const char* name = kNames[data[0] % 3];
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    const auto trials = bonafide::parse_manifest(text, name, /*labels_needed=*/false);
    std::ostringstream out;
    try {
      bonafide::write_manifest(out, bonafide::manifest_form(name), trials, "/m");
    } catch (const bonafide::Error&) {  // no UTF-8, or a separator in a name
    }
  } catch (const bonafide::UsageError&) {
  }
  return 0;
}
