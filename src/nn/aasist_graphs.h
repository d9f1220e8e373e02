#pragma once

#include <torch/torch.h>

#include <array>
#include <cstdint>
#include <functional>
#include <string>

#include "nn/dropout.h"
#include "nn/graph_attention.h"
#include "nn/graph_pool.h"

namespace bonafide {

struct AasistGraphOptions {
  int64_t rows = 23;      // of the encoder's map: spectral nodes
  int64_t channels = 64;  // of the encoder's map
  std::array<int64_t, 2> gat_dims = {64, 32};
  std::array<double, 3> pool_ratios = {0.5, 0.7, 0.5};     // spectral, temporal, heterogeneous
  std::array<double, 3> temperatures = {2.0, 2.0, 100.0};  // likewise
};

// The graphs of AASIST (Jung et al., ICASSP 2022, section 2.3), which others put behind encoders of
// their own. It is no module: its parts belong to the module that it registers them with, so that
// they keep the names of the published state dicts.
class AasistGraphs {
 public:
  explicit AasistGraphs(const AasistGraphOptions& options);

  // Both once, each where its names stand in the owner's state dict.
  void register_parameters(torch::nn::Module& owner);
  void register_modules(torch::nn::Module& owner);

  // What is shown intermediate results, under the names of the modules that made them.
  using Show = std::function<void(const std::string& name, const torch::Tensor& value)>;

  // Spectral nodes [B, rows, channels] without their positions and temporal nodes
  // [B, frames, channels] -> [B, width()].
  torch::Tensor run(const torch::Tensor& spectral, const torch::Tensor& temporal, const Show& show);

  int64_t width() const { return 5 * options_.gat_dims[1]; }

 private:
  // One branch of the heterogeneous stack: two attention layers with pooling between.
  struct Branch {
    torch::Tensor master;
    HeterogeneousGraphAttention attention1 = nullptr, attention2 = nullptr;
    GraphPool pool_spectral = nullptr, pool_temporal = nullptr;
  };
  struct Graph {
    torch::Tensor temporal, spectral, master;
  };

  Branch make_branch() const;
  static Graph run(Branch& branch, const torch::Tensor& temporal, const torch::Tensor& spectral);
  torch::Tensor read_out(Graph first, Graph second);

  AasistGraphOptions options_;
  torch::Tensor pos_S_;
  GraphAttention gat_S_, gat_T_;
  GraphPool pool_S_, pool_T_;
  Branch branch1_, branch2_;
  Dropout drop_way_, drop_;
};

}  // namespace bonafide
