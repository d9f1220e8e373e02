#include "systems/tensor_memory.h"

#include <c10/core/CPUAllocator.h>

#include <cstring>

#include "base/block_pool.h"

namespace bonafide {
namespace {

constexpr std::size_t kSmallestBlock = std::size_t{1} << 20;
constexpr std::size_t kAddresses = std::size_t{1} << 42;  // more than any machine has memory

BlockPool& pool() {
  static auto* const pool = new BlockPool(kAddresses);  // static tensors may outlive anything else
  return *pool;
}

void* take_memory(std::size_t bytes) {
  void* const block = bytes < kSmallestBlock ? nullptr : pool().take(bytes);
  return block != nullptr ? block : c10::GetDefaultCPUAllocator()->raw_allocate(bytes);
}

void give_memory_back(void* memory) {
  if (!pool().give_back(memory)) c10::GetDefaultCPUAllocator()->raw_deallocate(memory);
}

// LibTorch 2 made `allocate` non-const and added `copy_data`, so neither says `override`.
class TensorAllocator final : public c10::Allocator {
 public:
  c10::DataPtr allocate(std::size_t bytes) const {
    void* const memory = take_memory(bytes);
    return {memory, memory, &give_memory_back, c10::Device(c10::DeviceType::CPU)};
  }
  c10::DataPtr allocate(std::size_t bytes) {
    return static_cast<const TensorAllocator*>(this)->allocate(bytes);
  }
  void copy_data(void* to, const void* from, std::size_t bytes) const {
    std::memcpy(to, from, bytes);
  }
  c10::DeleterFnPtr raw_deleter() const override { return &give_memory_back; }
};

}  // namespace

void use_large_pages_for_tensors() {
  static auto* const allocator = new TensorAllocator;
  c10::SetCPUAllocator(allocator, /*priority=*/1);
}

}  // namespace bonafide
