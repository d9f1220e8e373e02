#pragma once

#include <map>
#include <memory>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/tensor_file.h"

namespace bonafide {

// One tensor of a published file, which may hold several sets of weights and much besides.
struct StoredTensor {
  std::string name;     // the keys on the way to it, joined by dots: "state_dict.module.fc.weight"
  size_t set = 0;       // so many bytes of the name lead to its dictionary: of "state_dict."
  Tensor tensor;        // without values where there is trouble
  std::string trouble;  // why it cannot be read, as a sentence for people; "" when it can

  std::string_view set_name() const { return std::string_view(name).substr(0, set); }
};

// All that a checkpoint holds, in the file's order. No two tensors have one name.
struct StoredWeights {
  std::vector<StoredTensor> tensors;
  std::map<std::string, std::string> metadata;
  std::shared_ptr<const MappedFile> mapped = {};
  std::string unread = {};  // what was not looked into and why, for people; often ""

  size_t bytes() const {
    return std::accumulate(
        tensors.begin(), tensors.end(), size_t{0},
        [](size_t sum, const StoredTensor& stored) { return sum + stored.tensor.bytes.size(); });
  }
};

}  // namespace bonafide
