#include "checkpoint/pytorch_storage.h"

#include <algorithm>
#include <array>

namespace bonafide {

namespace {

struct TorchType {
  std::string_view dtype;
  std::string_view storage;
  DType is;
};

constexpr std::array<TorchType, 10> kTypes = {{
    {"float64", "DoubleStorage", DType::kF64},
    {"float32", "FloatStorage", DType::kF32},
    {"float16", "HalfStorage", DType::kF16},
    {"bfloat16", "BFloat16Storage", DType::kBF16},
    {"int64", "LongStorage", DType::kI64},
    {"int32", "IntStorage", DType::kI32},
    {"int16", "ShortStorage", DType::kI16},
    {"int8", "CharStorage", DType::kI8},
    {"uint8", "ByteStorage", DType::kU8},
    {"bool", "BoolStorage", DType::kBool},
}};

const TorchType* storage_type(const PickleValue& global) {
  if (global.module != "torch" && global.module != "torch.cuda") return nullptr;
  const auto* type = std::find_if(kTypes.begin(), kTypes.end(),
                                  [&](const TorchType& t) { return t.storage == global.text; });
  return type == kTypes.end() ? nullptr : type;
}

}  // namespace

std::optional<PyTorchStorage> read_storage_id(const Pickle& pickle, const PickleValue& value) {
  if (value.kind != PickleKind::kPersistent) return std::nullopt;
  const PickleValue& id = pickle[value.arguments];
  const PickleValue* what = pickle.item(id, 0);
  const PickleValue* type = pickle.item(id, 1);
  const PickleValue* key = pickle.item(id, 2);
  const PickleValue* elements = pickle.item(id, 4);
  constexpr size_t kMaxKey = 256;  // bytes; PyTorch's own have at most twenty
  if (elements == nullptr || what->text != "storage" || type->kind != PickleKind::kGlobal ||
      key->kind != PickleKind::kText || key->text.size() > kMaxKey ||
      elements->kind != PickleKind::kInteger || elements->integer < 0) {
    return std::nullopt;
  }
  PyTorchStorage storage;
  storage.key = key->text;
  if (const TorchType* known = storage_type(*type)) {
    storage.dtype = known->is;
    storage.element_size = size_of(known->is);
  }
  storage.elements = storage.view_elements = elements->integer;
  if (const PickleValue* view = pickle.item(id, 5); view != nullptr && view->items.size() == 3) {
    storage.view_offset = pickle.item(*view, 1)->integer;
    storage.view_elements = pickle.item(*view, 2)->integer;
    if (storage.view_offset < 0 || storage.view_offset > storage.elements ||
        storage.view_elements < 0 ||
        storage.view_elements > storage.elements - storage.view_offset) {
      return std::nullopt;
    }
  }
  return storage;
}

std::optional<DType> torch_dtype(std::string_view name) {
  for (const TorchType& type : kTypes) {
    if (type.dtype == name) return type.is;
  }
  return std::nullopt;
}

}  // namespace bonafide
