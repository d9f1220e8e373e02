#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "checkpoint/pickle.h"
#include "checkpoint/tensor_file.h"

namespace bonafide {

// What a persistent id says of a storage:
// ("storage", class, key, location, elements[, view]). The location is of no interest.
struct PyTorchStorage {
  std::string_view key;
  std::optional<DType> dtype;  // nothing for untyped storages and types that are not read
  size_t element_size = 1;     // bytes
  int64_t elements = 0;        // of the whole storage
  int64_t view_offset = 0;     // elements; a legacy file may name a part of the storage
  int64_t view_elements = 0;
};

// Nothing when the value is not such an id.
std::optional<PyTorchStorage> read_storage_id(const Pickle& pickle, const PickleValue& value);

// torch.float32 and its like, by the name after the point.
std::optional<DType> torch_dtype(std::string_view name);

}  // namespace bonafide
