#include <sys/mman.h>

#include <cstddef>
#include <cstdlib>
#include <new>

// Large arrays of the whole program in pages of 2 MiB, where the kernel has them (madvise; without,
// nothing changes). A million trials need some hundred megabytes for a fraction of a second: with
// pages of 4 KiB, the faults alone take longer than the figures, and every look-up by id misses the
// buffer of page addresses.

namespace {

constexpr std::size_t kLargePage = std::size_t{2} << 20;

void* large(std::size_t size) {
  const std::size_t whole = (size + kLargePage - 1) / kLargePage * kLargePage;
  void* memory = whole < size ? nullptr : std::aligned_alloc(kLargePage, whole);
  if (memory != nullptr) ::madvise(memory, whole, MADV_HUGEPAGE);
  return memory;
}

}  // namespace

void* operator new(std::size_t size) {
  void* memory = size >= kLargePage ? large(size) : std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
