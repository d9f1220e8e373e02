#include "checkpoint/pytorch_writer.h"

#include <gtest/gtest.h>

#include <numeric>

#include "base/error.h"
#include "checkpoint/checkpoint.h"
#include "scratch.h"

namespace bonafide {
namespace {

// One tensor of each type, a scalar, and an empty one.
TensorFile every_type() {
  TensorFile file;
  for (const DType dtype : {DType::kF64, DType::kF32, DType::kF16, DType::kBF16, DType::kI64,
                            DType::kI32, DType::kI16, DType::kI8, DType::kU8, DType::kBool}) {
    const std::vector<std::byte> bytes(6 * size_of(dtype), std::byte{1});
    Tensor tensor = Tensor::from(bytes, {static_cast<int64_t>(bytes.size())});
    tensor.dtype = dtype;
    tensor.shape = {2, 3};
    file.tensors.emplace_back("of." + std::string(name_of(dtype)), tensor);
  }
  const int64_t count = 7;
  file.tensors.emplace_back("bn.num_batches_tracked", Tensor::from(std::span(&count, 1), {}));
  file.tensors.emplace_back("empty", Tensor::from(std::span<const float>(), {0, 4}));
  return file;
}

TEST(PyTorchWriter, IsReadBackAsItWasWritten) {
  const Scratch directory;
  const TensorFile file = every_type();

  write_pytorch(directory / "x.pth", file);
  const TensorFile back = read_checkpoint(directory / "x.pth");

  ASSERT_EQ(back.tensors.size(), file.tensors.size());
  for (size_t i = 0; i < file.tensors.size(); ++i) {
    const auto& [name, want] = file.tensors[i];
    const auto& [got_name, got] = back.tensors[i];
    EXPECT_EQ(got_name, name);
    EXPECT_EQ(got.dtype, want.dtype) << name;
    EXPECT_EQ(got.shape, want.shape) << name;
    EXPECT_TRUE(
        std::equal(got.bytes.begin(), got.bytes.end(), want.bytes.begin(), want.bytes.end()))
        << name;
  }
}

TEST(PyTorchWriter, RefusesTwoTensorsOfOneName) {
  const Scratch directory;
  TensorFile file = every_type();
  file.tensors.push_back(file.tensors.front());

  EXPECT_THROW(write_pytorch(directory / "x.pth", file), Error);
}

}  // namespace
}  // namespace bonafide
