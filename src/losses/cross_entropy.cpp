#include "losses/cross_entropy.h"

#include <torch/nn/functional/loss.h>

namespace bonafide {

torch::Tensor weighted_cross_entropy(const torch::Tensor& logits, const torch::Tensor& label,
                                     std::span<const double> class_weights) {
  const auto weights =
      torch::tensor(torch::ArrayRef<double>(class_weights.data(), class_weights.size()),
                    torch::kFloat64)
          .to(logits.options().requires_grad(false));
  return torch::nn::functional::cross_entropy(
      logits, label, torch::nn::functional::CrossEntropyFuncOptions().weight(weights));
}

}  // namespace bonafide
