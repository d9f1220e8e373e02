#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

#include "checkpoint/tensor_file.h"

namespace bonafide {

// Any checkpoint that bonafide reads, told apart by its first bytes: safetensors, PyTorch's zip
// container, PyTorch's legacy stream. From a PyTorch file come the tensors of the state dict (found
// under "state_dict", "model_state_dict", "model" or at the top), with a "module." prefix taken off
// when all names have it. Nothing in the file is ever executed. Throws Error naming the file.
TensorFile read_checkpoint(const std::filesystem::path& path);
// `name` goes into messages; tensors may point into `bytes`, which must outlive them.
TensorFile read_checkpoint(std::span<const std::byte> bytes, const std::string& name);

}  // namespace bonafide
