#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bonafide {

class MappedFile;

enum class DType { kF64, kF32, kF16, kBF16, kI64, kI32, kI16, kI8, kU8, kBool };

size_t size_of(DType dtype);            // bytes of one element
std::string_view name_of(DType dtype);  // as safetensors writes it: "F32", "BF16", "BOOL"
std::optional<DType> dtype_named(std::string_view name);

// The product of the shape; nothing when a size is negative or the product is 2^63 or more.
std::optional<int64_t> count_elements(std::span<const int64_t> shape);

// A named array, contiguous in row-major order and little-endian. `bytes` may point into a mapped
// file that `owner` keeps open, at any address: take elements out with memcpy.
struct Tensor {
  DType dtype = DType::kF32;
  std::vector<int64_t> shape;  // {} is a scalar
  std::span<const std::byte> bytes;
  std::shared_ptr<const void> owner;

  int64_t elements() const;  // product of the shape

  // A tensor that owns a copy of the values, as many as the shape says.
  static Tensor from(std::span<const float> values, std::vector<int64_t> shape);
  static Tensor from(std::span<const double> values, std::vector<int64_t> shape);
  static Tensor from(std::span<const int64_t> values, std::vector<int64_t> shape);
  static Tensor from(std::span<const std::byte> values, std::vector<int64_t> shape);  // U8

  // The elements as double, whatever the type.
  std::vector<double> to_doubles() const;
};

// Named arrays in the file's order, and text about them: what every checkpoint format becomes.
struct TensorFile {
  std::vector<std::pair<std::string, Tensor>> tensors;
  std::map<std::string, std::string> metadata;
  // The files that bytes lie in, watched.
  std::vector<std::shared_ptr<const MappedFile>> mapped = {};

  // Whoever has copied the bytes asks. Throws Error where the file has shrunk meanwhile: some were
  // zeros.
  void expect_unchanged() const;

  // The tensor's bytes were copied, and those that lie in a file need not stay in memory.
  void let_go(const Tensor& tensor) const;

  const Tensor* find(std::string_view name) const;  // null when there is none
};

}  // namespace bonafide
