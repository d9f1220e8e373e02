#include "nn/aasist_graphs.h"

#include <utility>

namespace bonafide {

AasistGraphs::AasistGraphs(const AasistGraphOptions& o)
    : options_(o),
      pos_S_(torch::randn({1, o.rows, o.channels})),
      gat_S_(o.channels, o.gat_dims[0], o.temperatures[0]),
      gat_T_(o.channels, o.gat_dims[0], o.temperatures[1]),
      pool_S_(o.pool_ratios[0], o.gat_dims[0]),
      pool_T_(o.pool_ratios[1], o.gat_dims[0]),
      branch1_(make_branch()),
      branch2_(make_branch()),
      drop_way_(0.2),
      drop_(0.5) {}

AasistGraphs::Branch AasistGraphs::make_branch() const {
  const auto& [in, out] = options_.gat_dims;
  const double temperature = options_.temperatures[2], ratio = options_.pool_ratios[2];
  return {torch::randn({1, 1, in}), HeterogeneousGraphAttention(in, out, temperature),
          HeterogeneousGraphAttention(out, out, temperature), GraphPool(ratio, out),
          GraphPool(ratio, out)};
}

// Registering gives back what is a parameter from now on, with gradients.
void AasistGraphs::register_parameters(torch::nn::Module& owner) {
  pos_S_ = owner.register_parameter("pos_S", pos_S_);
  branch1_.master = owner.register_parameter("master1", branch1_.master);
  branch2_.master = owner.register_parameter("master2", branch2_.master);
}

void AasistGraphs::register_modules(torch::nn::Module& owner) {
  owner.register_module("GAT_layer_S", gat_S_);
  owner.register_module("GAT_layer_T", gat_T_);
  const std::array branches = {std::pair("1", &branch1_), std::pair("2", &branch2_)};
  for (const auto& [number, branch] : branches) {
    const std::string name = std::string("HtrgGAT_layer_ST") + number;
    owner.register_module(name + "1", branch->attention1);
    owner.register_module(name + "2", branch->attention2);
  }
  owner.register_module("pool_S", pool_S_);
  owner.register_module("pool_T", pool_T_);
  for (const auto& [number, branch] : branches) {
    owner.register_module(std::string("pool_hS") + number, branch->pool_spectral);
    owner.register_module(std::string("pool_hT") + number, branch->pool_temporal);
  }
  owner.register_module("drop_way", drop_way_);
  owner.register_module("drop", drop_);
}

AasistGraphs::Graph AasistGraphs::run(Branch& branch, const torch::Tensor& temporal,
                                      const torch::Tensor& spectral) {
  auto [t, s, m] = branch.attention1->forward(temporal, spectral, branch.master);
  s = branch.pool_spectral(s);
  t = branch.pool_temporal(t);
  const auto [t_more, s_more, m_more] = branch.attention2->forward(t, s, m);
  return {t + t_more, s + s_more, m + m_more};
}

torch::Tensor AasistGraphs::read_out(Graph first, Graph second) {
  first.temporal = drop_way_(first.temporal);
  second.temporal = drop_way_(second.temporal);
  first.spectral = drop_way_(first.spectral);
  second.spectral = drop_way_(second.spectral);
  first.master = drop_way_(first.master);
  second.master = drop_way_(second.master);
  const auto temporal = torch::maximum(first.temporal, second.temporal);
  const auto spectral = torch::maximum(first.spectral, second.spectral);
  const auto master = torch::maximum(first.master, second.master);
  return torch::cat({temporal.abs().amax(1), temporal.mean(1), spectral.abs().amax(1),
                     spectral.mean(1), master.squeeze(1)},
                    /*dim=*/1);
}

torch::Tensor AasistGraphs::run(const torch::Tensor& spectral_in, const torch::Tensor& temporal_in,
                                const Show& show) {
  const auto gat_S = gat_S_(spectral_in + pos_S_);
  show("GAT_layer_S", gat_S);
  const auto spectral = pool_S_(gat_S);
  show("pool_S", spectral);

  const auto gat_T = gat_T_(temporal_in);
  show("GAT_layer_T", gat_T);
  const auto temporal = pool_T_(gat_T);
  show("pool_T", temporal);

  return drop_(read_out(run(branch1_, temporal, spectral), run(branch2_, temporal, spectral)));
}

}  // namespace bonafide
