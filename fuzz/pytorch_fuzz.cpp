#include <cstddef>
#include <cstdint>

#include "base/error.h"
#include "checkpoint/checkpoint.h"

// Reads any bytes as a checkpoint, mostly of PyTorch, and all its tensors.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace bonafide;
  try {
    const TensorFile file = read_checkpoint(std::as_bytes(std::span(data, size)), "fuzz");
    for (const auto& [name, tensor] : file.tensors) (void)tensor.to_doubles();
  } catch (const Error&) {
    // Refused, as most bytes are.
  }
  return 0;
}
