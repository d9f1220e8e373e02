#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/pytorch_container.h"
#include "checkpoint/tensor_file.h"

namespace bonafide {

// A tensor as torch.save describes it: a strided view of a storage.
struct PyTorchTensor {
  DType dtype = DType::kF32;
  std::vector<int64_t> shape;
  std::vector<int64_t> strides;         // elements
  std::span<const std::byte> elements;  // of the storage, from the tensor's first element on

  size_t bytes() const;  // of the contiguous tensor

  // Points into the storage where the view is contiguous, and owns a copy otherwise.
  Tensor contiguous() const;
};

// Whether the value is a tensor or parameter: a call of one of PyTorch's rebuilding functions.
bool is_tensor(const Pickle& pickle, const PickleValue& value);

// `what` names the tensor in messages. Throws Error for a kind or type of tensor that is not read,
// and when the view is not wholly inside its storage or has more elements than it.
PyTorchTensor read_tensor(const PyTorchContainer& container, const PickleValue& value,
                          const std::string& what);

}  // namespace bonafide
