#include "tensor/memory.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <thread>

namespace bonafide {
namespace {

TEST(TensorBudget, EndsWhereItsTensorsWouldTakeMore) {
  use_large_pages_for_tensors();
  {
    const TensorBudget budget(1000);
    const auto small = torch::zeros({200});  // 800 bytes
    EXPECT_THROW(torch::zeros({100}), std::bad_alloc);
  }
  EXPECT_NO_THROW(torch::zeros({100000}));
}

// The allocator stays for the rest of the program.
TEST(TensorMemory, HoldsTensorsOfEverySizeAndShape) {
  use_large_pages_for_tensors();
  for (const int64_t size : {int64_t{0}, int64_t{1}, int64_t{1} << 18, (int64_t{1} << 20) + 1}) {
    auto tensor = torch::full({size}, 2.0F);
    tensor = torch::cat({tensor, tensor.clone()});
    tensor.resize_({size + 1});
    EXPECT_EQ(tensor.slice(0, 0, size).sum().item<double>(), 2.0 * static_cast<double>(size));
  }
}

TEST(TensorMemory, ComplainsOfATensorThatNoMachineCouldHold) {
  use_large_pages_for_tensors();
  EXPECT_THROW(torch::empty({int64_t{1} << 44}), c10::Error);
}

TEST(TensorMemory, MayBeGivenBackByAnotherThread) {
  use_large_pages_for_tensors();
  auto tensor = torch::zeros({int64_t{1} << 20});
  std::thread([moved = std::move(tensor)]() mutable { moved.reset(); }).join();
  EXPECT_EQ(torch::ones({int64_t{1} << 20}).sum().item<double>(), 1 << 20);
}

}  // namespace
}  // namespace bonafide
