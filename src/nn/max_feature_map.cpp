#include "nn/max_feature_map.h"

#include <fmt/format.h>

#include "base/error.h"

namespace bonafide {

torch::Tensor max_feature_map(const torch::Tensor& x) {
  if (x.dim() < 2 || x.size(1) % 2 != 0) {
    throw Error(fmt::format("a max-feature-map wants an even number of channels, got shape {}",
                            c10::str(x.sizes())));
  }
  const auto halves = x.chunk(2, /*dim=*/1);
  return torch::maximum(halves[0], halves[1]);
}

}  // namespace bonafide
