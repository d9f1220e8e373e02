#pragma once

#include <filesystem>

#include "checkpoint/tensor_file.h"

namespace bonafide {

// Writes the tensors as torch.save writes a state dict: an ordered dictionary in a zip container,
// pickle protocol 2. torch.load reads it, also with weights_only, and gives what load_state_dict
// takes. Metadata has no place there. Throws Error for more than 4 GiB.
void write_pytorch(const std::filesystem::path& path, const TensorFile& file);

}  // namespace bonafide
