#include "checkpoint/tensor_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/error.h"
#include "base/file.h"
#include "checkpoint/half.h"

namespace bonafide {

namespace {

struct DTypeFacts {
  DType dtype;
  std::string_view name;
  size_t size;
};

constexpr std::array<DTypeFacts, 10> kDTypes = {{
    {DType::kF64, "F64", 8},
    {DType::kF32, "F32", 4},
    {DType::kF16, "F16", 2},
    {DType::kBF16, "BF16", 2},
    {DType::kI64, "I64", 8},
    {DType::kI32, "I32", 4},
    {DType::kI16, "I16", 2},
    {DType::kI8, "I8", 1},
    {DType::kU8, "U8", 1},
    {DType::kBool, "BOOL", 1},
}};

const DTypeFacts& facts(DType dtype) {
  return *std::find_if(kDTypes.begin(), kDTypes.end(),
                       [&](const DTypeFacts& f) { return f.dtype == dtype; });
}

Tensor copy_bytes(DType dtype, std::span<const std::byte> bytes, std::vector<int64_t> shape) {
  const auto count = count_elements(shape);
  if (!count || static_cast<size_t>(*count) * size_of(dtype) != bytes.size()) {
    throw Error(fmt::format("a tensor of shape [{}] cannot hold {} values", fmt::join(shape, ", "),
                            bytes.size() / size_of(dtype)));
  }
  const auto owned = std::make_shared<std::vector<std::byte>>(bytes.begin(), bytes.end());
  return {dtype, std::move(shape), *owned, owned};
}

// Reads elements of type T, which may lie at any address, and applies `value` to each.
template <typename T, typename Value>
std::vector<double> convert(std::span<const std::byte> bytes, Value value) {
  std::vector<double> values(bytes.size() / sizeof(T));
  for (size_t i = 0; i < values.size(); ++i) {
    T element;
    std::memcpy(&element, bytes.data() + i * sizeof(T), sizeof(T));
    values[i] = static_cast<double>(value(element));
  }
  return values;
}

}  // namespace

size_t size_of(DType dtype) { return facts(dtype).size; }

std::string_view name_of(DType dtype) { return facts(dtype).name; }

std::optional<DType> dtype_named(std::string_view name) {
  for (const DTypeFacts& f : kDTypes) {
    if (f.name == name) return f.dtype;
  }
  return std::nullopt;
}

std::optional<int64_t> count_elements(std::span<const int64_t> shape) {
  if (std::any_of(shape.begin(), shape.end(), [](int64_t size) { return size < 0; })) {
    return std::nullopt;
  }
  if (std::find(shape.begin(), shape.end(), 0) != shape.end()) return 0;
  int64_t count = 1;
  for (const int64_t size : shape) {
    if (__builtin_mul_overflow(count, size, &count)) return std::nullopt;
  }
  return count;
}

int64_t Tensor::elements() const { return count_elements(shape).value_or(0); }

Tensor Tensor::from(std::span<const float> values, std::vector<int64_t> shape) {
  return copy_bytes(DType::kF32, std::as_bytes(values), std::move(shape));
}

Tensor Tensor::from(std::span<const double> values, std::vector<int64_t> shape) {
  return copy_bytes(DType::kF64, std::as_bytes(values), std::move(shape));
}

Tensor Tensor::from(std::span<const int64_t> values, std::vector<int64_t> shape) {
  return copy_bytes(DType::kI64, std::as_bytes(values), std::move(shape));
}

Tensor Tensor::from(std::span<const std::byte> values, std::vector<int64_t> shape) {
  return copy_bytes(DType::kU8, values, std::move(shape));
}

std::vector<double> Tensor::to_doubles() const {
  const auto same = [](auto x) { return x; };
  switch (dtype) {
    case DType::kF64:
      return convert<double>(bytes, same);
    case DType::kF32:
      return convert<float>(bytes, same);
    case DType::kF16:
      return convert<uint16_t>(bytes, half_to_float);
    case DType::kBF16:
      return convert<uint16_t>(bytes, bfloat16_to_float);
    case DType::kI64:
      return convert<int64_t>(bytes, same);
    case DType::kI32:
      return convert<int32_t>(bytes, same);
    case DType::kI16:
      return convert<int16_t>(bytes, same);
    case DType::kI8:
      return convert<int8_t>(bytes, same);
    case DType::kU8:
      return convert<uint8_t>(bytes, same);
    case DType::kBool:
      return convert<uint8_t>(bytes, [](uint8_t x) { return x != 0; });
  }
  return {};
}

void TensorFile::expect_unchanged() const {
  for (const auto& one : mapped) one->expect_unchanged();
}

void TensorFile::let_go(const Tensor& tensor) const {
  for (const auto& one : mapped) one->let_go(tensor.bytes);
}

const Tensor* TensorFile::find(std::string_view name) const {
  for (const auto& [key, tensor] : tensors) {
    if (key == name) return &tensor;
  }
  return nullptr;
}

}  // namespace bonafide
