#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"
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

// What is known of a self-supervised speech encoder among the tensors. Its names are spelled as
// Hugging Face's (checkpoint/ssl_names.h).
struct StoredEncoder {
  std::string prefix;  // before its tensors' names
  std::string form;    // whose file it is: "Hugging Face", "fairseq", "torchaudio"
  Json config;         // under the keys of a Hugging Face configuration, as far as told
  std::vector<std::string> untold;  // keys that neither a configuration nor the tensors tell
  bool unreadable = false;          // since the file's configuration holds what is not read
  size_t left_out = 0;              // tensors of its pre-training, which were taken away
};

// All that a checkpoint holds, in the file's order. No two tensors have one name.
struct StoredWeights {
  std::vector<StoredTensor> tensors;
  std::map<std::string, std::string> metadata;
  std::vector<std::shared_ptr<const MappedFile>> mapped = {};
  std::string unread = {};  // what was not looked into and why, for people; often ""
  Json said = {};           // what a PyTorch file says under kConfigurations, as far as it is plain
  std::optional<StoredEncoder> encoder = {};
  std::vector<std::filesystem::path> files = {};  // that the tensors lie in

  size_t bytes() const {
    return std::accumulate(
        tensors.begin(), tensors.end(), size_t{0},
        [](size_t sum, const StoredTensor& stored) { return sum + stored.tensor.bytes.size(); });
  }
};

}  // namespace bonafide
