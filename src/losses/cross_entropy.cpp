#include "losses/cross_entropy.h"

#include <torch/nn/functional/loss.h>

namespace bonafide {

torch::Tensor weighted_cross_entropy(const torch::Tensor& logits, const torch::Tensor& label,
                                     const std::array<double, 2>& class_weights) {
  const auto weights = torch::tensor({class_weights[0], class_weights[1]}, torch::kFloat64)
                           .to(logits.options().requires_grad(false));
  return torch::nn::functional::cross_entropy(
      logits, label, torch::nn::functional::CrossEntropyFuncOptions().weight(weights));
}

}  // namespace bonafide
