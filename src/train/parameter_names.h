#pragma once

#include <torch/nn/module.h>

#include <string>
#include <vector>

#include "base/json.h"

namespace bonafide {

// Whether a shell pattern (*, ?, [...]) fits the whole of a parameter's name.
bool fits_pattern(const std::string& name, const std::string& pattern);

// Sets whether the parameters whose names fit one of the patterns learn; returns how many tensors
// that are. Throws UsageError, naming `key`, for a pattern that fits none.
int64_t set_learning(torch::nn::Module& module, const std::vector<std::string>& patterns,
                     bool learn, const char* key);

// The list of patterns at a recipe's `key`. Throws UsageError for anything but words.
std::vector<std::string> read_patterns(const Json& list, const char* key);

}  // namespace bonafide
