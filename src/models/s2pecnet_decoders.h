#pragma once

#include <torch/torch.h>

#include "models/network.h"

namespace bonafide {

// S2pecNet's way back from the fused map to the waveform: [B, 64, 23, 29] -> [B, 64600].
class WaveDecoderImpl : public torch::nn::Module {
 public:
  WaveDecoderImpl();

  // Somebody who watches sees each layer, at several times the cost.
  torch::Tensor forward(torch::Tensor map, const Watcher& show = {});

 private:
  torch::Tensor last_convolutions(const torch::Tensor& map);

  torch::nn::ModuleList decoder_conv_;
};
TORCH_MODULE(WaveDecoder);

// The way back to the cepstral coefficients: [B, 64, 23, 29] -> [B, 1, 60, 750]. The published
// code's last step is a sigmoid of a rectifier, so that it never reaches values outside [0.5, 1).
class SpectralDecoderImpl : public torch::nn::Module {
 public:
  SpectralDecoderImpl();

  torch::Tensor forward(const torch::Tensor& map, const Watcher& show);

 private:
  torch::nn::Linear dec_lin_;
  torch::nn::ModuleList decoder_conv_;
};
TORCH_MODULE(SpectralDecoder);

}  // namespace bonafide
