// Any bytes as a recipe: values that merge with the defaults, or one UsageError.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "base/recipe.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const auto recipe = bonafide::Recipe::parse(text, "recipe.yaml", {});
    bonafide::Recipe::parse(recipe.yaml(), "again.yaml", {});
  } catch (const bonafide::UsageError&) {
  }
  return 0;
}
