#pragma once

#include <torch/torch.h>

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/options.h"
#include "nn/aasist_graphs.h"
#include "nn/batch_norm.h"

namespace bonafide {

struct SslAasistOptions {
  int64_t input_dim = 1024;
  int64_t projection_dim = 128;
  // [in, out] of each residual block.
  std::vector<std::pair<int64_t, int64_t>> residual_channels = {{1, 32},  {32, 32}, {32, 64},
                                                                {64, 64}, {64, 64}, {64, 64}};
  int64_t attention_channels = 128;
  std::array<int64_t, 2> graph_dims = {64, 32};
  std::array<double, 3> pool_ratios = {0.5, 0.5, 0.5};     // spectral, temporal, heterogeneous
  std::array<double, 3> temperatures = {2.0, 2.0, 100.0};  // likewise
  int64_t output_dim = 2;
};

// The keys that read_ssl_aasist() reads.
std::vector<std::string> ssl_aasist_keys();

// projection_dim, residual_channels, attention_channels, graph_dims, pool_ratios and temperatures
// of a head. Throws UsageError for values out of range.
void read_ssl_aasist(const OptionReader& read, SslAasistOptions& options);

// How much each value of an encoder's map counts: two convolutions of one row and frame.
torch::nn::Sequential make_map_attention(int64_t channels, int64_t inner);

// AASIST behind a self-supervised speech encoder (Tak et al., Odyssey 2022; SSL_Anti-spoofing). It
// is no module: its parts belong to the module that it registers them with, under the names of the
// published state dict.
class SslAasist {
 public:
  SslAasist(const SslAasistOptions& options, torch::nn::Module& owner);

  struct Output {
    torch::Tensor embedding;  // [B, graphs' width]
    torch::Tensor answer;     // [B, output_dim]
  };
  // Hidden states [B, T, D]. `show` gets the intermediate results projection [B, T, projection_dim]
  // and encoder [B, C, rows, frames], which stands before its last norm. Throws Error for fewer
  // than three frames.
  Output run(const torch::Tensor& states, const AasistGraphs::Show& show);

 private:
  torch::nn::Linear projection_;
  BatchNorm first_bn_, first_bn1_;
  torch::nn::ModuleList encoder_;
  torch::nn::Sequential attention_;
  AasistGraphs graphs_;
  torch::nn::Linear out_layer_;
};

}  // namespace bonafide
