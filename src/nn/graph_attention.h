#pragma once

#include <torch/torch.h>

#include <tuple>

#include "nn/batch_norm.h"
#include "nn/dropout.h"

namespace bonafide {

// Attention over a fully connected graph whose edges are weighed by products of node features
// (Jung et al., ICASSP 2022, section 2.2): [B, N, in] -> [B, N, out].
class GraphAttentionImpl : public torch::nn::Module {
 public:
  // `temperature` divides the attention scores before the softmax.
  GraphAttentionImpl(int64_t in_dim, int64_t out_dim, double temperature = 1.0);

  torch::Tensor forward(const torch::Tensor& nodes);

 private:
  double temperature_;
  torch::Tensor att_weight_;
  torch::nn::Linear att_proj_, proj_with_att_, proj_without_att_;
  BatchNorm bn_;
  Dropout input_drop_;
};
TORCH_MODULE(GraphAttention);

// The same over two kinds of nodes and one master node that collects from all (HS-GAL,
// section 2.3).
class HeterogeneousGraphAttentionImpl : public torch::nn::Module {
 public:
  // `activates`: a SELU follows the batch norm.
  HeterogeneousGraphAttentionImpl(int64_t in_dim, int64_t out_dim, double temperature,
                                  bool activates = true);

  // Type 1 [B, N1, in], type 2 [B, N2, in], master [B or 1, 1, in] -> the three of width `out`.
  std::tuple<torch::Tensor, torch::Tensor, torch::Tensor> forward(const torch::Tensor& type1,
                                                                  const torch::Tensor& type2,
                                                                  const torch::Tensor& master);

 private:
  torch::Tensor attention(const torch::Tensor& nodes, int64_t count1);
  torch::Tensor next_master(const torch::Tensor& nodes, const torch::Tensor& master);

  double temperature_;
  bool activates_;
  torch::Tensor att_weight11_, att_weight22_, att_weight12_, att_weightM_;
  torch::nn::Linear proj_type1_, proj_type2_, att_proj_, att_projM_;
  torch::nn::Linear proj_with_att_, proj_without_att_, proj_with_attM_, proj_without_attM_;
  BatchNorm bn_;
  Dropout input_drop_;
};
TORCH_MODULE(HeterogeneousGraphAttention);

}  // namespace bonafide
