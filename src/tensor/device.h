#pragma once

#include <torch/types.h>

#include <string>

namespace bonafide {

// cpu | cuda | cuda:N | auto (a GPU when there is one). Throws UsageError for another word and
// Error for a device that is not there.
torch::Device find_device(const std::string& name);

// Sets the number of threads of the arithmetic (0: all cores) and returns it. LibTorch's own choice
// can be 1 on a machine with more.
int set_threads(int threads);

// What GPUs may do with float32: round the factors of products (TF32), and use algorithms whose
// sums come in another order each time.
void set_gpu_arithmetic(bool tf32, bool deterministic);

}  // namespace bonafide
