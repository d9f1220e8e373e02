#include "models/s2pecnet_decoders.h"

#include <fmt/format.h>

#include "nn/batch_norm.h"

namespace bonafide {

namespace {

using Options = torch::nn::ConvTranspose2dOptions;
using torch::nn::Conv2d;
using torch::nn::ConvTranspose2d;

// Three times as many columns and one more: [B, in, 23, T] -> [B, out, 23, 3 T + 1].
class WaveBlockImpl : public torch::nn::Module {
 public:
  WaveBlockImpl(int64_t in, int64_t out)
      : bn1_(register_module("bn1", BatchNorm(in))),
        conv1_(register_module("conv1", ConvTranspose2d(Options(in, out, {2, 3}).padding(1)))),
        bn2_(register_module("bn2", BatchNorm(out))),
        conv2_(
            register_module("conv2", ConvTranspose2d(Options(out, out, {2, 3}).padding({0, 1})))),
        conv3_(
            register_module("conv3", ConvTranspose2d(Options(out, out, {1, 4}).stride({1, 3})))) {}

  torch::Tensor forward(const torch::Tensor& x) {
    const auto y = conv1_(torch::selu(bn1_(x)));
    return conv3_(conv2_(torch::selu(bn2_(y))));
  }

 private:
  BatchNorm bn1_;
  ConvTranspose2d conv1_;
  BatchNorm bn2_;
  ConvTranspose2d conv2_, conv3_;
};
TORCH_MODULE(WaveBlock);

// [B, in, H, W] -> [B, out, H, W], or of twice the size with stride 2.
class SpectralBlockImpl : public torch::nn::Module {
 public:
  SpectralBlockImpl(int64_t in, int64_t out, int64_t stride)
      : bn1_(register_module("bn1", BatchNorm(in))),
        bn2_(register_module("bn2", BatchNorm(out))),
        conv1_(register_module(
            "conv1",
            ConvTranspose2d(
                Options(in, out, 3).stride(stride).output_padding(stride - 1).bias(false)))),
        conv2_(register_module("conv2",
                               ConvTranspose2d(Options(out, out, 1).padding(1).bias(false)))) {}

  torch::Tensor forward(const torch::Tensor& x) {
    return conv2_(torch::relu(bn2_(conv1_(torch::relu(bn1_(x))))));
  }

 private:
  BatchNorm bn1_, bn2_;
  ConvTranspose2d conv1_, conv2_;
};
TORCH_MODULE(SpectralBlock);

struct Sizes {
  int64_t in, out, stride;
};

// One module of a list after another, each under its index.
template <typename Module>
torch::Tensor step(torch::nn::ModuleList& list, size_t index, const torch::Tensor& x,
                   const Watcher& show) {
  const auto y = list->ptr<typename Module::ContainedType>(index)->forward(x);
  show(fmt::format("decoder_conv.{}", index), y);
  return y;
}

}  // namespace

WaveDecoderImpl::WaveDecoderImpl() {
  for (const auto& [in, out, stride] :
       {Sizes{64, 64, 1}, {64, 64, 1}, {64, 64, 1}, {64, 32, 1}, {32, 32, 1}, {32, 1, 1}}) {
    decoder_conv_->push_back(WaveBlock(in, out));
  }
  decoder_conv_->push_back(
      ConvTranspose2d(Options(1, 1, 3).stride(3).output_padding(1).bias(false)));
  decoder_conv_->push_back(ConvTranspose2d(Options(1, 1, {1, 85}).bias(false)));
  decoder_conv_->push_back(Conv2d(torch::nn::Conv2dOptions(1, 1, {70, 1}).bias(false)));
  decoder_conv_->push_back(BatchNorm(1));
  register_module("decoder_conv", decoder_conv_);
}

torch::Tensor WaveDecoderImpl::forward(torch::Tensor map, const Watcher& show) {
  for (size_t i = 0; i < 6; ++i) map = step<WaveBlock>(decoder_conv_, i, map, show);
  if (show) {
    map = step<ConvTranspose2d>(decoder_conv_, 6, map, show);
    map = step<ConvTranspose2d>(decoder_conv_, 7, map, show);
    map = step<Conv2d>(decoder_conv_, 8, map, show);
  } else {
    map = last_convolutions(map);
  }
  map = step<BatchNorm>(decoder_conv_, 9, map, show);
  return torch::silu(map).flatten(1);
}

// Layers 6 to 8, [B, 1, 23, T] -> [B, 1, 1, 3 T + 85]. Layer 6 makes 3 x 3 values of each, with a
// row and a column of zeros at the end, layer 7 runs along the rows, layer 8 adds the 70 rows up.
// All are linear and have one channel. So the rows are added first, through the product of the
// weights of layers 8 and 6, and layer 7 has one row to go through instead of 70.
torch::Tensor WaveDecoderImpl::last_convolutions(const torch::Tensor& map) {
  const auto weight = [&](size_t i) { return decoder_conv_[i]->named_parameters()["weight"]; };
  const auto of_rows = weight(8).narrow(2, 0, 69).view({23, 3}).mm(weight(6).view({3, 3}));
  const auto row =
      torch::constant_pad_nd(map.squeeze(1).transpose(1, 2).matmul(of_rows).flatten(1), {0, 1});
  return decoder_conv_->ptr<torch::nn::ConvTranspose2dImpl>(7)->forward(
      row.unsqueeze(1).unsqueeze(1));
}

SpectralDecoderImpl::SpectralDecoderImpl()
    : dec_lin_(register_module("dec_lin", torch::nn::Linear(29, 117))) {
  decoder_conv_->push_back(ConvTranspose2d(64, 64, 8));
  decoder_conv_->push_back(BatchNorm(64));
  decoder_conv_->push_back(torch::nn::ReLU());
  for (const auto& [in, out, stride] : {Sizes{64, 64, 1},
                                        {64, 32, 1},
                                        {32, 32, 1},
                                        {32, 16, 1},
                                        {16, 16, 1},
                                        {16, 8, 2},
                                        {8, 8, 1},
                                        {8, 8, 1}}) {
    decoder_conv_->push_back(SpectralBlock(in, out, stride));
  }
  decoder_conv_->push_back(
      ConvTranspose2d(Options(8, 1, {3, 9}).stride({1, 3}).padding({1, 0}).bias(false)));
  decoder_conv_->push_back(BatchNorm(1));
  register_module("decoder_conv", decoder_conv_);
}

torch::Tensor SpectralDecoderImpl::forward(const torch::Tensor& map, const Watcher& show) {
  auto x = step<ConvTranspose2d>(decoder_conv_, 0, dec_lin_(map), show);
  x = step<BatchNorm>(decoder_conv_, 1, x, show);
  x = step<torch::nn::ReLU>(decoder_conv_, 2, x, show);
  for (size_t i = 3; i < 11; ++i) x = step<SpectralBlock>(decoder_conv_, i, x, show);
  x = step<ConvTranspose2d>(decoder_conv_, 11, x, show);
  x = step<BatchNorm>(decoder_conv_, 12, x, show);
  return torch::sigmoid(torch::relu(x));
}

}  // namespace bonafide
