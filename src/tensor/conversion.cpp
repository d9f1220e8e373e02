#include "tensor/conversion.h"

#include <cstring>
#include <map>

#include "base/error.h"

namespace bonafide {

namespace {

const std::map<DType, torch::Dtype>& dtypes() {
  static const std::map<DType, torch::Dtype> table = {
      {DType::kF64, torch::kFloat64}, {DType::kF32, torch::kFloat32},
      {DType::kF16, torch::kFloat16}, {DType::kBF16, torch::kBFloat16},
      {DType::kI64, torch::kInt64},   {DType::kI32, torch::kInt32},
      {DType::kI16, torch::kInt16},   {DType::kI8, torch::kInt8},
      {DType::kU8, torch::kUInt8},    {DType::kBool, torch::kBool}};
  return table;
}

}  // namespace

torch::Tensor to_torch(const Tensor& tensor) {
  const auto owner = tensor.owner;
  const auto options = torch::TensorOptions().dtype(dtypes().at(tensor.dtype));
  if (tensor.bytes.empty()) return torch::empty(tensor.shape, options);
  // from_blob takes a mutable pointer; nobody writes through it.
  auto* data = const_cast<std::byte*>(tensor.bytes.data());
  return torch::from_blob(
      data, tensor.shape, [owner](void*) {}, options);
}

Tensor from_torch(const torch::Tensor& tensor) {
  const auto values = tensor.detach().to(torch::kCPU).contiguous();
  for (const auto& [dtype, torch_dtype] : dtypes()) {
    if (torch_dtype != values.scalar_type()) continue;
    const std::span<const std::byte> bytes(static_cast<const std::byte*>(values.data_ptr()),
                                           static_cast<size_t>(values.nbytes()));
    Tensor copy = Tensor::from(bytes, {static_cast<int64_t>(bytes.size())});
    copy.dtype = dtype;
    copy.shape = values.sizes().vec();
    return copy;
  }
  throw Error("a tensor of a type that no checkpoint holds");
}

}  // namespace bonafide
