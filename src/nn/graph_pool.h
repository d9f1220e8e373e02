#pragma once

#include <torch/torch.h>

#include <functional>

#include "nn/dropout.h"

namespace bonafide {

// Keeps the nodes with the largest learned scores, in falling order of score, each multiplied by
// its score (Jung et al., ICASSP 2022): [B, N, d] -> [B, max(floor(N * ratio), least), d].
class GraphPoolImpl : public torch::nn::Module {
 public:
  GraphPoolImpl(double ratio, int64_t dim, int64_t least = 1);

  torch::Tensor forward(const torch::Tensor& nodes);

  // From now on `order` gives what nodes are ordered by, from their scores [B, N, 1]: for those who
  // ask whether a result hangs on a tie, since pooling jumps where two scores are equal.
  using Order = std::function<torch::Tensor(const torch::Tensor& scores)>;
  void order_by(Order order) { order_ = std::move(order); }

 private:
  Order order_;
  double ratio_;
  int64_t least_;
  torch::nn::Linear proj_;
  Dropout drop_;
};
TORCH_MODULE(GraphPool);

}  // namespace bonafide
