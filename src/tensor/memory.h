#pragma once

#include <cstddef>

namespace bonafide {

// From now on LibTorch takes the memory of large tensors on the CPU from a BlockPool. Call it first
// thing in main.
void use_large_pages_for_tensors();

// Where that was called: while one lives, the tensors that this thread makes on the CPU may take so
// many bytes, counted without those given back; a tensor beyond them throws std::bad_alloc. For
// what a file from elsewhere asks for. One at a time.
class TensorBudget {
 public:
  explicit TensorBudget(std::size_t bytes);
  ~TensorBudget();
  TensorBudget(const TensorBudget&) = delete;
  TensorBudget& operator=(const TensorBudget&) = delete;
};

}  // namespace bonafide
