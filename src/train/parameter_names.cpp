#include "train/parameter_names.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include "base/error.h"
#include "base/json_value.h"
#include "base/text.h"

namespace bonafide {

bool fits_pattern(const std::string& name, const std::string& pattern) {
  return ::fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
}

int64_t set_learning(torch::nn::Module& module, const std::vector<std::string>& patterns,
                     bool learn, const char* key) {
  int64_t total = 0;
  for (const std::string& pattern : patterns) {
    int64_t fitting = 0;
    for (auto& item : module.named_parameters()) {
      if (!fits_pattern(item.key(), pattern)) continue;
      item.value().requires_grad_(learn);
      ++fitting;
    }
    if (fitting == 0) {
      throw UsageError(fmt::format("{}: \"{}\" fits no parameter", key, printable(pattern)));
    }
    total += fitting;
  }
  return total;
}

std::vector<std::string> read_patterns(const Json& list, const char* key) {
  std::vector<std::string> patterns;
  for (const Json& entry : list) {
    if (!entry.is_string()) throw UsageError(fmt::format("{}: wants a list of patterns", key));
    patterns.push_back(entry.get<std::string>());
  }
  return patterns;
}

}  // namespace bonafide
