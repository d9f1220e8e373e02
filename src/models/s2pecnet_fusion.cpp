#include "models/s2pecnet_fusion.h"

namespace bonafide {

namespace {

constexpr int64_t kChannels = 64;

torch::nn::Conv2d pointwise(int64_t in) { return torch::nn::Conv2d(in, kChannels, 1); }

}  // namespace

SpectralFusionImpl::SpectralFusionImpl()
    : conv0_(register_module("conv0", pointwise(2 * kChannels))),
      fc1_(pointwise(kChannels)),
      fc2_(pointwise(kChannels)),
      fc3_(pointwise(kChannels)),
      fc4_(pointwise(kChannels)),
      norm0_(register_module("norm0", BatchNorm(kChannels))),
      norm1_(kChannels),
      norm2_(kChannels) {
  register_module("fc1", fc1_);
  register_module("norm1", norm1_);
  register_module("fc2", fc2_);
  register_module("fc3", fc3_);
  register_module("norm2", norm2_);
  register_module("fc4", fc4_);
}

torch::Tensor SpectralFusionImpl::forward(const torch::Tensor& raw, const torch::Tensor& spectral) {
  const auto z = torch::silu(norm0_(conv0_(torch::cat({raw, spectral}, /*dim=*/1))));
  const auto of_rows = z.mean(/*dim=*/3, /*keepdim=*/true);
  const auto rows = torch::sigmoid(fc2_(torch::silu(norm1_(fc1_(of_rows)))));
  const auto of_frames = z.mean(/*dim=*/2, /*keepdim=*/true);
  const auto frames = torch::sigmoid(fc4_(torch::silu(norm2_(fc3_(of_frames)))));
  return z * rows * frames + z;
}

}  // namespace bonafide
