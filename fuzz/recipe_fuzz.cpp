// Any bytes as a recipe: values that merge with the defaults, or one UsageError. The first byte
// chooses how they are read: as YAML (which may be a Hydra configuration), as the JSON of an AASIST
// .conf, or their first line as an override.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "recipe/recipe.h"

namespace {

void parse(std::string_view text, const std::string& name,
           const std::vector<std::string>& overrides) {
  try {
    const auto recipe = bonafide::Recipe::parse(text, name, overrides);
    bonafide::Recipe::parse(recipe.yaml(), "again.yaml", {});
  } catch (const bonafide::UsageError&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  switch (data[0]) {
    case '{':
      parse(text, "system.conf", {});
      break;
    case '!': {
      const auto end = std::min(text.find('\n'), size);
      parse(text.substr(end), "recipe.yaml", {std::string(text.substr(1, end - 1))});
      break;
    }
    default:
      parse(text, "recipe.yaml", {});
  }
  return 0;
}
