#include "nn/residual_block.h"

#include "nn/max_pool.h"

namespace bonafide {

namespace {

torch::nn::Conv2d conv(int64_t in, int64_t out, int64_t height, int64_t padding_height) {
  return torch::nn::Conv2d(
      torch::nn::Conv2dOptions(in, out, {height, 3}).padding({padding_height, 1}));
}

}  // namespace

ResidualBlockImpl::ResidualBlockImpl(int64_t in_channels, int64_t out_channels, bool first,
                                     bool pools, bool heeds_bn1)
    : pools_(pools),
      heeds_bn1_(heeds_bn1 && !first),
      conv1_(conv(in_channels, out_channels, 2, 1)),
      bn2_(out_channels),
      conv2_(conv(out_channels, out_channels, 2, 0)) {
  if (!first) bn1_ = register_module("bn1", BatchNorm(in_channels));
  register_module("conv1", conv1_);
  register_module("bn2", bn2_);
  register_module("conv2", conv2_);
  if (in_channels != out_channels) {
    conv_downsample_ = register_module("conv_downsample", conv(in_channels, out_channels, 1, 0));
  }
}

// SELU(bn2(conv1(x))); at inference bn2 is folded into conv1.
torch::Tensor ResidualBlockImpl::activated(const torch::Tensor& x) {
  if (is_training() || torch::GradMode::is_enabled()) {
    auto y = bn2_(conv1_(x));
    return torch::selu_(y);
  }
  const auto scale = bn2_->weight / torch::sqrt(bn2_->running_var + bn2_->options.eps());
  const auto weight = conv1_->weight * scale.view({-1, 1, 1, 1});
  const auto bias = (conv1_->bias - bn2_->running_mean) * scale + bn2_->bias;
  auto y = torch::conv2d(x, weight, bias, /*stride=*/1, /*padding=*/{1, 1});
  return torch::selu_(y);
}

torch::Tensor ResidualBlockImpl::forward(const torch::Tensor& x) {
  if (is_training() && !bn1_.is_empty() && !heeds_bn1_) bn1_->observe(x);
  auto y = conv2_(activated(heeds_bn1_ ? torch::selu(bn1_(x)) : x));
  y += conv_downsample_.is_empty() ? x : conv_downsample_(x);
  return pools_ ? max_pool(y, {1, 3}) : y;
}

}  // namespace bonafide
