// Any bytes as a manifest: trials or one UsageError, nothing else.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "corpus/manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    bonafide::parse_manifest({reinterpret_cast<const char*>(data), size}, "manifest.csv");
  } catch (const bonafide::UsageError&) {
  }
  return 0;
}
