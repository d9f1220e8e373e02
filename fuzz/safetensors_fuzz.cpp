#include <cstddef>
#include <cstdint>

#include "base/error.h"
#include "base/json_value.h"
#include "checkpoint/model_file.h"
#include "checkpoint/safetensors.h"

// Reads any bytes as a safetensors file, all its tensors, and what it says about itself.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace bonafide;
  try {
    const TensorFile file = read_safetensors(std::as_bytes(std::span(data, size)), "fuzz");
    for (const auto& [name, tensor] : file.tensors) (void)tensor.to_doubles();
    if (const auto description = read_description(file.metadata, "fuzz"))
      (void)description->to_json();
  } catch (const Error&) {
    // Refused, as most bytes are.
  }
  return 0;
}
