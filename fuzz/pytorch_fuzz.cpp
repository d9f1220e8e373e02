#include <cstddef>
#include <cstdint>

#include "base/error.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/weight_choice.h"

namespace {

using namespace bonafide;

void read_all(const TensorFile& file) {
  for (const auto& [name, tensor] : file.tensors) (void)tensor.to_doubles();
}

// A network that has every other tensor of the file, under the last two parts of its name.
std::vector<WantedTensor> network_of(const StoredWeights& stored) {
  std::vector<WantedTensor> wanted;
  for (size_t i = 0; i < stored.tensors.size(); i += 2) {
    const std::string& name = stored.tensors[i].name;
    const size_t last = name.rfind('.');
    const size_t dot = last == 0 || last == std::string::npos ? last : name.rfind('.', last - 1);
    wanted.push_back(
        {name.substr(dot == std::string::npos ? 0 : dot + 1), stored.tensors[i].tensor.shape});
  }
  return wanted;
}

}  // namespace

// Reads any bytes as a checkpoint, mostly of PyTorch, and chooses weights of it in both ways.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    const StoredWeights stored = read_stored_weights(std::as_bytes(std::span(data, size)), "fuzz");
    try {
      read_all(choose_weights(stored, network_of(stored), "", "fuzz").file);
    } catch (const Error&) {
      // No fit, as mostly.
    }
    read_all(choose_weights(stored, "", "fuzz").file);
  } catch (const Error&) {
    // Refused, as most bytes are.
  }
  return 0;
}
