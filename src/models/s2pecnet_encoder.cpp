#include "models/s2pecnet_encoder.h"

#include <fmt/format.h>

namespace bonafide {

namespace {

torch::nn::Conv2d conv(int64_t in, int64_t out, torch::ExpandingArray<2> kernel,
                       torch::ExpandingArray<2> stride, torch::ExpandingArray<2> padding) {
  return torch::nn::Conv2d(
      torch::nn::Conv2dOptions(in, out, kernel).stride(stride).padding(padding).bias(false));
}

// The stride sits in the 1 x 1 convolution.
class PreactivationBlockImpl : public torch::nn::Module {
 public:
  PreactivationBlockImpl(int64_t in, int64_t out, int64_t stride)
      : bn1_(register_module("bn1", BatchNorm(in))),
        conv1_(register_module("conv1", conv(in, out, 1, stride, 0))),
        bn2_(register_module("bn2", BatchNorm(out))),
        conv2_(register_module("conv2", conv(out, out, 3, 1, 1))) {
    if (stride == 1 && in == out) return;
    shortcut_ = register_module("shortcut", torch::nn::Sequential(conv(in, out, 1, stride, 0)));
  }

  torch::Tensor forward(const torch::Tensor& x) {
    const auto active = torch::relu(bn1_(x));
    const auto y = conv2_(torch::relu(bn2_(conv1_(active))));
    return y + (shortcut_.is_empty() ? x : shortcut_->forward(active));
  }

 private:
  BatchNorm bn1_;
  torch::nn::Conv2d conv1_;
  BatchNorm bn2_;
  torch::nn::Conv2d conv2_;
  torch::nn::Sequential shortcut_ = nullptr;
};
TORCH_MODULE(PreactivationBlock);

torch::nn::Sequential layer(int64_t in, int64_t out, int64_t stride) {
  return torch::nn::Sequential(PreactivationBlock(in, out, stride),
                               PreactivationBlock(out, out, 1));
}

// The published code's initialisation of this part.
void initialise(torch::nn::Module& module) {
  for (const auto& child : module.modules(/*include_self=*/false)) {
    if (auto* convolution = child->as<torch::nn::Conv2dImpl>()) {
      torch::nn::init::kaiming_normal_(convolution->weight, 0, torch::kFanOut);
    } else if (auto* linear = child->as<torch::nn::LinearImpl>()) {
      torch::nn::init::kaiming_uniform_(linear->weight);
    }
  }
}

}  // namespace

SpectralEncoderImpl::SpectralEncoderImpl()
    : conv1_(register_module("conv1", conv(1, 8, {3, 9}, {1, 3}, 1))),
      bn1_(register_module("bn1", BatchNorm(8))),
      layers_({layer(8, 8, 1), layer(8, 16, 2), layer(16, 32, 1), layer(32, 64, 1)}),
      conv5_(conv(64, 64, 8, 1, 0)),
      bn5_(64),
      fc_(117, 29) {
  for (size_t i = 0; i < layers_.size(); ++i) {
    register_module(fmt::format("layer{}", i + 1), layers_[i]);
  }
  register_module("conv5", conv5_);
  register_module("bn5", bn5_);
  register_module("fc", fc_);
  initialise(*this);
}

torch::Tensor SpectralEncoderImpl::forward(const torch::Tensor& features, const Watcher& show) {
  auto x = conv1_(features);
  show("conv1", x);
  x = torch::relu(bn1_(x));
  for (size_t i = 0; i < layers_.size(); ++i) {
    x = layers_[i]->forward(x);
    show(fmt::format("layer{}", i + 1), x);
  }
  x = conv5_(x);
  show("conv5", x);
  return fc_(torch::relu(bn5_(x)));
}

}  // namespace bonafide
