// Any bytes as a list of paths, and as text: no NUL is left where none may be.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/error.h"
#include "base/list_text.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  try {
    bonafide::path_list(bytes, "list");
    const std::string text = bonafide::list_text(bytes, "list");
    if (text.find('\0') != std::string::npos) std::abort();
  } catch (const bonafide::UsageError&) {
  }
  return 0;
}
