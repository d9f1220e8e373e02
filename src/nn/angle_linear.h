#pragma once

#include <torch/torch.h>

namespace bonafide {

// Cosines between an embedding and the direction of each class: [B, in] -> [B, out], in [-1, 1]
// (the layer of A-softmax; Liu et al., CVPR 2017). The margin is the loss's: angular_margin.
class AngleLinearImpl : public torch::nn::Module {
 public:
  AngleLinearImpl(int64_t in_features, int64_t out_features);

  torch::Tensor forward(const torch::Tensor& x);

 private:
  torch::Tensor weight_;  // [in, out], a class in each column
};
TORCH_MODULE(AngleLinear);

}  // namespace bonafide
