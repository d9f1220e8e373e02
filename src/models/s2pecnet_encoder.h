#pragma once

#include <torch/torch.h>

#include <array>

#include "models/network.h"
#include "nn/batch_norm.h"

namespace bonafide {

// S2pecNet's residual network with pre-activation over cepstral coefficients:
// [B, 1, 60, 750] -> [B, 64, 23, 29].
class SpectralEncoderImpl : public torch::nn::Module {
 public:
  SpectralEncoderImpl();

  torch::Tensor forward(const torch::Tensor& features, const Watcher& show);

 private:
  torch::nn::Conv2d conv1_;
  BatchNorm bn1_;
  std::array<torch::nn::Sequential, 4> layers_;
  torch::nn::Conv2d conv5_;
  BatchNorm bn5_;
  torch::nn::Linear fc_;
};
TORCH_MODULE(SpectralEncoder);

}  // namespace bonafide
