#pragma once

#include <string>

#include "checkpoint/pytorch_container.h"
#include "checkpoint/tensor_file.h"

namespace bonafide {

// The tensors of the state dict in what torch.save wrote: the dictionary under "state_dict",
// "model_state_dict" or "model", or else the whole object. Either may also be a pickled
// torch.nn.Module, whose parameters and buffers (also those that are not persistent) are gathered
// under the names that its state_dict() gives them. Entries that are not tensors are left out.
//
// Views are made contiguous. A tensor may not have more elements than its storage, and all tensors
// together at most kMaxExpansion times the bytes of the file: tied weights fit, but a small file
// cannot grow without bound. `name` goes into messages; contiguous tensors point into the
// storages. Throws Error.
TensorFile read_state_dict(const PyTorchContainer& container, const std::string& name);

inline constexpr int kMaxExpansion = 16;

}  // namespace bonafide
