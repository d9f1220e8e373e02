#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace bonafide {

// An array of a golden case without LibTorch, so that the same adapters serve the parity test and
// the tests of the room.
struct Array {
  std::vector<double> values;
  std::vector<int64_t> shape;
  bool integers = false;
};
using Arrays = std::map<std::string, Array>;

// Inputs of a case by name.
using ArrayInputs = std::function<Array(const std::string& name)>;

// What a component answers: config, names of the inputs, inputs.
using ArrayAdapter = Arrays (*)(const Json& config, const std::vector<std::string>& names,
                                const ArrayInputs& input);

// Of all augmentations and vocoders.
const std::map<std::string_view, ArrayAdapter>& array_adapters();

// The adapter of an augmentation or vocoder component; null when it is none of them.
ArrayAdapter find_augment_adapter(std::string_view component);

}  // namespace bonafide
