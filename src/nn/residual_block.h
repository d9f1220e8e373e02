#pragma once

#include <torch/torch.h>

#include "nn/batch_norm.h"

namespace bonafide {

// The residual block of RawGAT-ST's and AASIST's encoders (Tak et al., ASVspoof 2021 workshop):
// [B, in, H, W] -> [B, out, H, W / 3]; without pooling [B, out, H, W].
//
// Two quirks of the published code are kept because published weights depend on them: the result of
// bn1 and its SELU is thrown away, so that bn1 never learns and only its running statistics move
// (later detectors give it to conv1); and conv1 makes one row more, which conv2 takes away again.
class ResidualBlockImpl : public torch::nn::Module {
 public:
  // `first`: the block that sees the filter bank's map, without bn1. `heeds_bn1`: conv1 takes the
  // result of bn1 and its SELU.
  ResidualBlockImpl(int64_t in_channels, int64_t out_channels, bool first, bool pools = true,
                    bool heeds_bn1 = false);

  torch::Tensor forward(const torch::Tensor& x);

 private:
  torch::Tensor activated(const torch::Tensor& x);

  bool pools_, heeds_bn1_;
  BatchNorm bn1_ = nullptr;
  torch::nn::Conv2d conv1_;
  BatchNorm bn2_;
  torch::nn::Conv2d conv2_;
  torch::nn::Conv2d conv_downsample_ = nullptr;
};
TORCH_MODULE(ResidualBlock);

}  // namespace bonafide
