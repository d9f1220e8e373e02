#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

#include "checkpoint/stored_weights.h"
#include "checkpoint/tensor_file.h"

namespace bonafide {

// Any checkpoint that bonafide reads, told apart by its first bytes: safetensors, PyTorch's zip
// container, PyTorch's legacy stream; or a folder as Hugging Face's, with its weights in one file
// or in several. Nothing in a file is ever executed. Of a self-supervised encoder the tensors get
// Hugging Face's names, and what its configuration and its tensors tell is read too. Throws Error
// naming the file, and where it is something else (a pointer of Git LFS, another framework's model,
// half a download) what it is and what to do.
StoredWeights read_stored_weights(const std::filesystem::path& path);
// As the bytes are: names stay. `name` goes into messages; tensors may point into `bytes`, which
// must outlive them.
StoredWeights read_stored_weights(std::span<const std::byte> bytes, const std::string& name);

// The set of weights that is taken of it where no network says what it wants (weight_choice.h).
TensorFile read_checkpoint(const std::filesystem::path& path);
TensorFile read_checkpoint(std::span<const std::byte> bytes, const std::string& name);

}  // namespace bonafide
