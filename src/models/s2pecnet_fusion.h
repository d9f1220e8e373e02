#pragma once

#include <torch/torch.h>

#include "nn/batch_norm.h"

namespace bonafide {

// S2pecNet's fusion of two maps, by attention over rows and over frames:
// [B, 64, 23, 29] twice -> [B, 64, 23, 29].
class SpectralFusionImpl : public torch::nn::Module {
 public:
  SpectralFusionImpl();

  torch::Tensor forward(const torch::Tensor& raw, const torch::Tensor& spectral);

 private:
  torch::nn::Conv2d conv0_, fc1_, fc2_, fc3_, fc4_;
  BatchNorm norm0_, norm1_, norm2_;
};
TORCH_MODULE(SpectralFusion);

}  // namespace bonafide
