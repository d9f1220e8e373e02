#include "tensor/memory.h"

#include <c10/core/CPUAllocator.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <new>

#include "base/block_pool.h"

namespace bonafide {
namespace {

constexpr std::size_t kSmallestBlock = std::size_t{1} << 20;

std::size_t machine_memory() {
  static const auto bytes = static_cast<std::size_t>(::sysconf(_SC_PHYS_PAGES)) *
                            static_cast<std::size_t>(::sysconf(_SC_PAGE_SIZE));
  return bytes;
}

// With addresses to spare, so that ranges in use do not leave it without a long one.
BlockPool& pool() {
  static auto* const pool = new BlockPool(4 * machine_memory());  // never ends: static tensors
  return *pool;
}

// Bytes that this thread's TensorBudget has left.
constexpr std::size_t kNoBudget = SIZE_MAX;
thread_local std::size_t budget_left = kNoBudget;

void spend(std::size_t bytes) {
  if (budget_left == kNoBudget) return;
  if (bytes > budget_left) throw std::bad_alloc();
  budget_left -= bytes;
}

// LibTorch's own allocator says what is wrong with a tensor that no machine could hold; the pool
// would promise it.
void* take_memory(std::size_t bytes) {
  spend(bytes);
  const bool large = bytes >= kSmallestBlock && bytes <= machine_memory();
  void* const block = large ? pool().take(bytes) : nullptr;
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

TensorBudget::TensorBudget(std::size_t bytes) { budget_left = bytes; }

TensorBudget::~TensorBudget() { budget_left = kNoBudget; }

}  // namespace bonafide
