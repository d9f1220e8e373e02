#pragma once

#include <torch/torch.h>

#include "models/ssl_encoder.h"
#include "nn/dropout.h"

namespace bonafide {

// The positional convolution and the layers of an SslEncoder.
class SslTransformerImpl : public torch::nn::Module {
 public:
  explicit SslTransformerImpl(const SslEncoderOptions& options);

  // Adds what follows the projection to `states`. `padding` [B, T]: true behind a recording's end;
  // undefined: nowhere.
  void run(SslStates& states, const torch::Tensor& input, const torch::Tensor& padding);

 private:
  torch::Tensor position_bias(int64_t frames);

  SslEncoderOptions options_;
  torch::nn::AnyModule position_;
  LayerNorm layer_norm_;
  torch::nn::ModuleList layers_;
  Dropout drop_;
};

}  // namespace bonafide
