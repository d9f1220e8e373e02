#pragma once

#include <torch/torch.h>

namespace bonafide {

// LibTorch's norms, which compute in single precision where autocast made their input shorter: on a
// GPU autocast sees to that itself, and on a processor LibTorch refuses such an input.
class LayerNormImpl : public torch::nn::LayerNormImpl {
 public:
  using torch::nn::LayerNormImpl::LayerNormImpl;
  torch::Tensor forward(const torch::Tensor& x);
};
TORCH_MODULE(LayerNorm);

class GroupNormImpl : public torch::nn::GroupNormImpl {
 public:
  using torch::nn::GroupNormImpl::GroupNormImpl;
  torch::Tensor forward(const torch::Tensor& x);
};
TORCH_MODULE(GroupNorm);

}  // namespace bonafide
