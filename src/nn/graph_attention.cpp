#include "nn/graph_attention.h"

namespace bonafide {

namespace {

constexpr double kInputDropout = 0.2;

torch::Tensor xavier_column(int64_t rows) {
  return torch::nn::init::xavier_normal_(torch::empty({rows, 1}));
}

// x_i * x_j for every pair of nodes: [B, N, d] -> [B, N, N, d].
torch::Tensor pairwise_products(const torch::Tensor& nodes) {
  return nodes.unsqueeze(2) * nodes.unsqueeze(1);
}

// Batch norm over all nodes of all graphs, then SELU if that is wanted: [B, N, d] -> [B, N, d].
torch::Tensor normalized(BatchNorm& bn, const torch::Tensor& nodes, bool activates = true) {
  auto rows = bn(nodes.reshape({-1, nodes.size(2)}));
  return (activates ? torch::selu_(rows) : rows).view(nodes.sizes());
}

}  // namespace

GraphAttentionImpl::GraphAttentionImpl(int64_t in_dim, int64_t out_dim, double temperature)
    : temperature_(temperature),
      att_weight_(register_parameter("att_weight", xavier_column(out_dim))),
      att_proj_(register_module("att_proj", torch::nn::Linear(in_dim, out_dim))),
      proj_with_att_(register_module("proj_with_att", torch::nn::Linear(in_dim, out_dim))),
      proj_without_att_(register_module("proj_without_att", torch::nn::Linear(in_dim, out_dim))),
      bn_(register_module("bn", BatchNorm(out_dim))),
      input_drop_(register_module("input_drop", Dropout(kInputDropout))) {}

torch::Tensor GraphAttentionImpl::forward(const torch::Tensor& nodes) {
  const auto x = input_drop_(nodes);
  const auto scores =
      torch::matmul(torch::tanh(att_proj_(pairwise_products(x))), att_weight_).squeeze(-1);
  const auto attention = torch::softmax(scores / temperature_, /*dim=*/-1);
  return normalized(bn_, proj_with_att_(torch::matmul(attention, x)) + proj_without_att_(x));
}

HeterogeneousGraphAttentionImpl::HeterogeneousGraphAttentionImpl(int64_t in_dim, int64_t out_dim,
                                                                 double temperature, bool activates)
    : temperature_(temperature),
      activates_(activates),
      att_weight11_(register_parameter("att_weight11", xavier_column(out_dim))),
      att_weight22_(register_parameter("att_weight22", xavier_column(out_dim))),
      att_weight12_(register_parameter("att_weight12", xavier_column(out_dim))),
      att_weightM_(register_parameter("att_weightM", xavier_column(out_dim))),
      proj_type1_(register_module("proj_type1", torch::nn::Linear(in_dim, in_dim))),
      proj_type2_(register_module("proj_type2", torch::nn::Linear(in_dim, in_dim))),
      att_proj_(register_module("att_proj", torch::nn::Linear(in_dim, out_dim))),
      att_projM_(register_module("att_projM", torch::nn::Linear(in_dim, out_dim))),
      proj_with_att_(register_module("proj_with_att", torch::nn::Linear(in_dim, out_dim))),
      proj_without_att_(register_module("proj_without_att", torch::nn::Linear(in_dim, out_dim))),
      proj_with_attM_(register_module("proj_with_attM", torch::nn::Linear(in_dim, out_dim))),
      proj_without_attM_(register_module("proj_without_attM", torch::nn::Linear(in_dim, out_dim))),
      bn_(register_module("bn", BatchNorm(out_dim))),
      input_drop_(register_module("input_drop", Dropout(kInputDropout))) {}

// [B, N, d] -> [B, N, N]: how much node i takes from node j. The weight vector depends on the kinds
// of the two nodes.
torch::Tensor HeterogeneousGraphAttentionImpl::attention(const torch::Tensor& nodes,
                                                         int64_t count1) {
  using torch::indexing::Slice;
  const auto edges = torch::tanh(att_proj_(pairwise_products(nodes)));
  const auto weights = torch::cat({att_weight11_, att_weight22_, att_weight12_}, /*dim=*/1);
  const auto scores = torch::matmul(edges, weights).unbind(/*dim=*/-1);
  const Slice all, first(0, count1), second(count1, torch::indexing::None);
  const auto rows1 = torch::cat(
      {scores[0].index({all, first, first}), scores[2].index({all, first, second})}, /*dim=*/2);
  const auto rows2 = torch::cat(
      {scores[2].index({all, second, first}), scores[1].index({all, second, second})}, /*dim=*/2);
  return torch::softmax(torch::cat({rows1, rows2}, /*dim=*/1) / temperature_, /*dim=*/-1);
}

torch::Tensor HeterogeneousGraphAttentionImpl::next_master(const torch::Tensor& nodes,
                                                           const torch::Tensor& master) {
  const auto scores = torch::matmul(torch::tanh(att_projM_(nodes * master)), att_weightM_);
  const auto shares = torch::softmax(scores / temperature_, /*dim=*/1);  // [B, N, 1]
  const auto collected = torch::matmul(shares.transpose(1, 2), nodes);
  return proj_with_attM_(collected) + proj_without_attM_(master);
}

std::tuple<torch::Tensor, torch::Tensor, torch::Tensor> HeterogeneousGraphAttentionImpl::forward(
    const torch::Tensor& type1, const torch::Tensor& type2, const torch::Tensor& master) {
  const int64_t count1 = type1.size(1);
  const int64_t count2 = type2.size(1);
  const auto x = input_drop_(torch::cat({proj_type1_(type1), proj_type2_(type2)}, /*dim=*/1));
  const auto new_master = next_master(x, master);
  const auto y =
      normalized(bn_, proj_with_att_(torch::matmul(attention(x, count1), x)) + proj_without_att_(x),
                 activates_);
  return {y.narrow(1, 0, count1), y.narrow(1, count1, count2), new_master};
}

}  // namespace bonafide
