#include "models/aasist.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/json_value.h"
#include "base/options.h"

namespace bonafide {

// The parameters stand before the modules, as in the reference's state dict.
Aasist::Aasist(const AasistOptions& o)
    : SincNetwork(o),
      pos_S_(register_parameter("pos_S", torch::randn({1, o.rows(), o.channels()}))),
      gat_S_(o.channels(), o.gat_dims[0], o.temperatures[0]),
      gat_T_(o.channels(), o.gat_dims[0], o.temperatures[1]),
      drop_way_(0.2),
      drop_(0.5),
      out_layer_(5 * o.gat_dims[1], 2) {
  const auto master1 = register_parameter("master1", torch::randn({1, 1, o.gat_dims[0]}));
  const auto master2 = register_parameter("master2", torch::randn({1, 1, o.gat_dims[0]}));
  register_first_bn();
  encoder_ = register_module("encoder", make_encoder(o));
  register_module("GAT_layer_S", gat_S_);
  register_module("GAT_layer_T", gat_T_);
  branch1_ = make_branch(o, 1, master1);
  branch2_ = make_branch(o, 2, master2);
  pool_S_ = register_module("pool_S", GraphPool(o.pool_ratios[0], o.gat_dims[0]));
  pool_T_ = register_module("pool_T", GraphPool(o.pool_ratios[1], o.gat_dims[0]));
  for (auto [number, branch] : {std::pair{1, &branch1_}, {2, &branch2_}}) {
    register_module(fmt::format("pool_hS{}", number), branch->pool_spectral);
    register_module(fmt::format("pool_hT{}", number), branch->pool_temporal);
  }
  register_module("out_layer", out_layer_);
  register_module("drop_way", drop_way_);
  register_module("drop", drop_);
}

Aasist::Branch Aasist::make_branch(const AasistOptions& o, int number,
                                   const torch::Tensor& master) {
  const auto& [in, out] = o.gat_dims;
  Branch branch;
  branch.master = master;
  branch.attention1 = register_module(fmt::format("HtrgGAT_layer_ST{}1", number),
                                      HeterogeneousGraphAttention(in, out, o.temperatures[2]));
  branch.attention2 = register_module(fmt::format("HtrgGAT_layer_ST{}2", number),
                                      HeterogeneousGraphAttention(out, out, o.temperatures[2]));
  branch.pool_spectral = GraphPool(o.pool_ratios[2], out);
  branch.pool_temporal = GraphPool(o.pool_ratios[2], out);
  return branch;
}

torch::Tensor Aasist::encode(const torch::Tensor& wave) {
  return encoded(encoder_, "encoder", filtered(wave));
}

Aasist::Graph Aasist::run(Branch& branch, const torch::Tensor& temporal,
                          const torch::Tensor& spectral) {
  auto [t, s, m] = branch.attention1->forward(temporal, spectral, branch.master);
  s = branch.pool_spectral(s);
  t = branch.pool_temporal(t);
  const auto [t_more, s_more, m_more] = branch.attention2->forward(t, s, m);
  return {t + t_more, s + s_more, m + m_more};
}

torch::Tensor Aasist::read_out(Graph first, Graph second) {
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

NetworkOutput Aasist::forward(const NetworkInput& input) { return classify(encode(input.wave)); }

NetworkOutput Aasist::classify(const torch::Tensor& map) {
  const auto magnitude = map.abs();

  const auto spectral_in = magnitude.amax(/*dim=*/3).transpose(1, 2) + pos_S_;
  const auto gat_S = gat_S_(spectral_in);
  show("GAT_layer_S", gat_S);
  const auto spectral = pool_S_(gat_S);
  show("pool_S", spectral);

  const auto gat_T = gat_T_(magnitude.amax(/*dim=*/2).transpose(1, 2));
  show("GAT_layer_T", gat_T);
  const auto temporal = pool_T_(gat_T);
  show("pool_T", temporal);

  const auto hidden =
      drop_(read_out(run(branch1_, temporal, spectral), run(branch2_, temporal, spectral)));
  return {out_layer_(hidden), hidden};
}

AasistOptions AasistOptions::from_json(const Json& model) {
  const OptionReader read(model, "model",
                          {"architecture", "nb_samp", "first_conv", "filts", "gat_dims",
                           "pool_ratios", "temperatures"});
  AasistOptions o;
  o.SincNetworkOptions::read(read);
  read.numbers("pool_ratios", o.pool_ratios, 0.01, 1.0);
  read.numbers("temperatures", o.temperatures, 1e-3, 1e6);
  read.integers("gat_dims", o.gat_dims, 1, 4096);
  return o;
}

std::shared_ptr<Network> make_aasist(const Json& model) {
  return std::make_shared<Aasist>(AasistOptions::from_json(model));
}

}  // namespace bonafide
