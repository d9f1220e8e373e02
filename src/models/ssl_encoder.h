#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"
#include "nn/dropout.h"
#include "nn/norms.h"

namespace bonafide {

// Options of a self-supervised speech encoder under the keys of a Hugging Face configuration, whose
// defaults these are.
struct SslEncoderOptions {
  std::string model_type = "wav2vec2";  // "hubert" is the same network; "wavlm" has relative bias
  std::vector<int64_t> conv_dim = {512, 512, 512, 512, 512, 512, 512};
  std::vector<int64_t> conv_kernel = {10, 3, 3, 3, 3, 2, 2};
  std::vector<int64_t> conv_stride = {5, 2, 2, 2, 2, 2, 2};
  bool conv_bias = false;
  std::string feat_extract_norm = "group";  // in the first convolution; "layer": in all of them
  int64_t hidden_size = 768;
  int64_t num_hidden_layers = 12;
  int64_t num_attention_heads = 12;
  int64_t intermediate_size = 3072;
  int64_t num_conv_pos_embeddings = 128;
  int64_t num_conv_pos_embedding_groups = 16;
  bool do_stable_layer_norm = false;  // norms before the parts of a layer instead of behind them
  double layer_norm_eps = 1e-5;
  int64_t num_buckets = 320;
  int64_t max_bucket_distance = 800;
  double feat_proj_dropout = 0.0;
  double hidden_dropout = 0.1;
  double attention_dropout = 0.1;
  double activation_dropout = 0.1;

  bool has_relative_bias() const { return model_type == "wavlm"; }
  int64_t frames(int64_t samples) const;  // 0 for waveforms shorter than the receptive field
  int64_t receptive_field() const;        // samples
  int64_t parameters() const;             // how many the network has

  // Keys that only pre-training and other heads read are passed over. Throws UsageError naming the
  // key of a value out of range, or of a network that is not supported.
  static SslEncoderOptions from_json(const Json& config);
};

// What an encoder makes of waveforms; T frames.
struct SslStates {
  torch::Tensor conv;                 // [B, T, channels]
  torch::Tensor projected;            // [B, T, D]
  torch::Tensor positional;           // [B, T, D], which is added to the projection
  torch::Tensor layer_in;             // [B, T, D]
  std::vector<torch::Tensor> layers;  // [B, T, D] of each; before the final norm
  torch::Tensor last;                 // [B, T, D]; behind the final norm where there is one
  torch::Tensor position_bias;        // [H, T, T] before its gates; WavLM only
};

class SslTransformerImpl;

// wav2vec 2.0, XLSR-53, XLS-R, HuBERT and WavLM (Baevski et al., NeurIPS 2020; Hsu et al., 2021;
// Chen et al., 2022) under Hugging Face's names of tensors, without their prefix.
class SslEncoderImpl : public torch::nn::Module {
 public:
  // Throws Error where the memory that is left does not hold it, saying how many bytes would.
  explicit SslEncoderImpl(const SslEncoderOptions& options);

  // Waveforms [B, N] at 16 kHz, normalised as the encoder wants it. `lengths` [B]: frames behind a
  // recording's end are zero and nobody attends to them; undefined: padding counts as sound. Throws
  // Error where a waveform gives no frame.
  SslStates forward(const torch::Tensor& waves, const torch::Tensor& lengths = {});

  const SslEncoderOptions& options() const { return options_; }

 private:
  torch::Tensor padding(const torch::Tensor& lengths, int64_t frames) const;

  SslEncoderOptions options_;
  torch::nn::ModuleList conv_layers_;
  LayerNorm projection_norm_;
  torch::nn::Linear projection_;
  Dropout projection_drop_;
  std::shared_ptr<SslTransformerImpl> encoder_;
};
TORCH_MODULE(SslEncoder);

}  // namespace bonafide
