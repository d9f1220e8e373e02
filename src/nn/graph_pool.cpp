#include "nn/graph_pool.h"

#include <algorithm>

namespace bonafide {

namespace {
constexpr double kDropout = 0.3;
}

GraphPoolImpl::GraphPoolImpl(double ratio, int64_t dim, int64_t least)
    : ratio_(ratio),
      least_(least),
      proj_(register_module("proj", torch::nn::Linear(dim, 1))),
      drop_(register_module("drop", Dropout(kDropout))) {}

torch::Tensor GraphPoolImpl::forward(const torch::Tensor& nodes) {
  const auto scores = torch::sigmoid(proj_(drop_(nodes)));  // [B, N, 1]
  const auto kept =
      std::max(static_cast<int64_t>(static_cast<double>(nodes.size(1)) * ratio_), least_);
  const auto order = std::get<1>(torch::topk(order_ ? order_(scores) : scores, kept, /*dim=*/1));
  return (nodes * scores).gather(1, order.expand({-1, -1, nodes.size(2)}));
}

}  // namespace bonafide
