#include "nn/ff_stack.h"

#include <fmt/format.h>

#include "base/error.h"
#include "nn/batch_norm.h"

namespace bonafide {

torch::nn::Sequential make_ff_stack(int64_t dim) {
  if (dim < 4) {
    throw UsageError(
        fmt::format("model: an embedding of {} dimensions; a classifier takes at least 4", dim));
  }
  return torch::nn::Sequential(torch::nn::Linear(dim, dim / 2), BatchNorm(dim / 2),
                               torch::nn::ReLU(), torch::nn::Linear(dim / 2, dim / 4),
                               BatchNorm(dim / 4), torch::nn::ReLU(),
                               torch::nn::Linear(dim / 4, 2));
}

}  // namespace bonafide
