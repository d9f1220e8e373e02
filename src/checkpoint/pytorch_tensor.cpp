#include "checkpoint/pytorch_tensor.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "base/text.h"
#include "checkpoint/pytorch_storage.h"

namespace bonafide {

namespace {

constexpr std::string_view kUtils = "torch._utils";
constexpr size_t kMaxDimensions = 64;  // as in PyTorch

// Arguments of _rebuild_tensor, _rebuild_tensor_v2 and _rebuild_tensor_v3, by position.
constexpr size_t kStorage = 0;
constexpr size_t kOffset = 1;
constexpr size_t kShape = 2;
constexpr size_t kStrides = 3;
constexpr size_t kDType = 6;  // of v3 only

[[noreturn]] void fail(const std::string& what, const std::string& why) {
  throw Error(fmt::format("{} {}", what, why));
}

std::vector<int64_t> sizes(const Pickle& pickle, const PickleValue* list, const std::string& what) {
  if (list == nullptr || list->kind != PickleKind::kTuple || list->items.size() > kMaxDimensions) {
    fail(what, "has no readable shape or strides");
  }
  std::vector<int64_t> values;
  for (const PickleRef ref : list->items) {
    if (pickle[ref].kind != PickleKind::kInteger || pickle[ref].integer < 0) {
      fail(what, "has a shape or strides that are not whole numbers");
    }
    values.push_back(pickle[ref].integer);
  }
  return values;
}

// Number of storage elements from the first to the last element of the view, both included; nothing
// on overflow.
std::optional<int64_t> extent(const std::vector<int64_t>& shape,
                              const std::vector<int64_t>& strides) {
  int64_t last = 0;
  for (size_t i = 0; i < shape.size(); ++i) {
    int64_t step = 0;
    if (shape[i] == 0) return 0;
    if (__builtin_mul_overflow(shape[i] - 1, strides[i], &step) ||
        __builtin_add_overflow(last, step, &last)) {
      return std::nullopt;
    }
  }
  if (last == INT64_MAX) return std::nullopt;
  return last + 1;
}

// For a view without empty dimensions.
bool is_contiguous(const std::vector<int64_t>& shape, const std::vector<int64_t>& strides) {
  int64_t expected = 1;
  for (size_t i = shape.size(); i-- > 0;) {
    if (shape[i] != 1 && strides[i] != expected) return false;
    expected *= shape[i];
  }
  return true;
}

DType dtype_of(const Pickle& pickle, const PickleValue& call, const PyTorchStorage& storage,
               const std::string& what) {
  const PickleValue& function = pickle[call.callable];
  if (function.text == "_rebuild_tensor_v3") {
    const PickleValue* type = pickle.item(pickle[call.arguments], kDType);
    const auto dtype = type == nullptr ? std::nullopt : torch_dtype(type->text);
    if (!dtype) fail(what, "is of a type that is not read");
    return *dtype;
  }
  if (!storage.dtype) {
    const PickleValue& id = pickle[pickle.item(pickle[call.arguments], kStorage)->arguments];
    fail(what,
         fmt::format("is kept in a {}, which is not read", printable(pickle.item(id, 1)->text)));
  }
  return *storage.dtype;
}

// The bytes of the storage, or of the part of it that the id names.
std::span<const std::byte> bytes_of(const PyTorchContainer& container,
                                    const PyTorchStorage& storage, const std::string& what) {
  const auto found = container.storages.find(storage.key);
  if (found == container.storages.end()) {
    fail(what, fmt::format("is kept in storage {}, which the file lacks", printable(storage.key)));
  }
  uint64_t size = 0;
  if (__builtin_mul_overflow(static_cast<uint64_t>(storage.elements), storage.element_size,
                             &size) ||
      size > found->second.size()) {
    fail(what, fmt::format("is kept in a storage of {} elements, but {} bytes are there",
                           storage.elements, found->second.size()));
  }
  return found->second.subspan(static_cast<size_t>(storage.view_offset) * storage.element_size,
                               static_cast<size_t>(storage.view_elements) * storage.element_size);
}

const PickleValue& parameter_data(const Pickle& pickle, const PickleValue& value) {
  const bool is_parameter =
      value.kind == PickleKind::kObject &&
      (pickle[value.callable].is_global(kUtils, "_rebuild_parameter") ||
       pickle[value.callable].is_global(kUtils, "_rebuild_parameter_with_state"));
  const PickleValue* data = is_parameter ? pickle.item(pickle[value.arguments], 0) : nullptr;
  return data == nullptr ? value : *data;
}

}  // namespace

size_t PyTorchTensor::bytes() const {
  return static_cast<size_t>(count_elements(shape).value_or(0)) * size_of(dtype);
}

Tensor PyTorchTensor::contiguous() const {
  if (bytes() == 0 || is_contiguous(shape, strides))
    return {dtype, shape, elements.first(bytes()), nullptr};
  const size_t size = size_of(dtype);
  const auto owned = std::make_shared<std::vector<std::byte>>(bytes());
  std::vector<int64_t> index(shape.size(), 0);
  int64_t from = 0;  // element of the storage at `index`
  for (size_t to = 0; to < owned->size(); to += size) {
    std::memcpy(owned->data() + to, elements.data() + static_cast<size_t>(from) * size, size);
    for (size_t i = shape.size(); i-- > 0;) {
      from += strides[i];
      if (++index[i] < shape[i]) break;
      from -= strides[i] * shape[i];
      index[i] = 0;
    }
  }
  return {dtype, shape, *owned, owned};
}

bool is_tensor(const Pickle& pickle, const PickleValue& value) {
  if (value.kind != PickleKind::kObject) return false;
  const PickleValue& function = pickle[value.callable];
  return function.kind == PickleKind::kGlobal && function.module.starts_with("torch.") &&
         function.text.starts_with("_rebuild_");
}

PyTorchTensor read_tensor(const PyTorchContainer& container, const PickleValue& value,
                          const std::string& what) {
  const Pickle& pickle = container.object;
  const PickleValue& call = parameter_data(pickle, value);
  const PickleValue& function = pickle[call.callable];
  if (call.kind != PickleKind::kObject || !(function.is_global(kUtils, "_rebuild_tensor") ||
                                            function.is_global(kUtils, "_rebuild_tensor_v2") ||
                                            function.is_global(kUtils, "_rebuild_tensor_v3"))) {
    fail(what, fmt::format("is of a kind that is not read ({})", printable(function.text)));
  }
  const PickleValue& arguments = pickle[call.arguments];
  const PickleValue* id = pickle.item(arguments, kStorage);
  const auto storage = id == nullptr ? std::nullopt : read_storage_id(pickle, *id);
  const PickleValue* offset = pickle.item(arguments, kOffset);
  if (!storage || offset == nullptr || offset->kind != PickleKind::kInteger) {
    fail(what, "is not described as PyTorch does");
  }
  PyTorchTensor tensor;
  tensor.dtype = dtype_of(pickle, call, *storage, what);
  tensor.shape = sizes(pickle, pickle.item(arguments, kShape), what);
  tensor.strides = sizes(pickle, pickle.item(arguments, kStrides), what);
  const auto bytes = bytes_of(container, *storage, what);

  const auto in_storage = static_cast<int64_t>(bytes.size() / size_of(tensor.dtype));
  const auto count = count_elements(tensor.shape);
  const auto span = tensor.shape.size() == tensor.strides.size()
                        ? extent(tensor.shape, tensor.strides)
                        : std::nullopt;
  if (!count || !span || *count > in_storage || offset->integer < 0 ||
      offset->integer > in_storage || *span > in_storage - offset->integer) {
    fail(what, fmt::format("of shape [{}], strides [{}] and offset {} is not inside its storage of "
                           "{} elements, or expands it",
                           fmt::join(tensor.shape, ", "), fmt::join(tensor.strides, ", "),
                           offset->integer, in_storage));
  }
  for (size_t i = 0; i < tensor.shape.size(); ++i) {
    if (tensor.shape[i] == 1) tensor.strides[i] = 0;  // unused, and may be any number
  }
  tensor.elements = bytes.subspan(static_cast<size_t>(offset->integer) * size_of(tensor.dtype));
  return tensor;
}

}  // namespace bonafide
