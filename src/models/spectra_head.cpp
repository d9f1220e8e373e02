#include "models/spectra_head.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/json_value.h"
#include "base/options.h"
#include "models/ssl_aasist.h"
#include "nn/batch_norm.h"
#include "nn/dropout.h"
#include "nn/graph_attention.h"
#include "nn/graph_pool.h"
#include "nn/max_pool.h"
#include "nn/residual_block.h"

namespace bonafide {

namespace {

constexpr int64_t kPooled = 3;  // rows and frames that become one
constexpr int64_t kBoth = 2;    // classes

struct SpectraOptions : SslAasistOptions {
  int64_t maximum_frames = 400;
  int64_t branches = 4;
};

struct SpectraGraph {
  torch::Tensor temporal, spectral, master;
};

// One branch: two attention layers with pooling between.
class SpectraBranchImpl : public torch::nn::Module {
 public:
  explicit SpectraBranchImpl(const SpectraOptions& o)
      : master_(register_parameter("master", torch::randn({1, 1, o.graph_dims[0]}))),
        attention1_(register_module(
            "HtrgGAT_layer_ST1", attention(o.graph_dims[0], o.graph_dims[1], o.temperatures[2]))),
        attention2_(register_module(
            "HtrgGAT_layer_ST2", attention(o.graph_dims[1], o.graph_dims[1], o.temperatures[2]))),
        pool_spectral_(register_module("pool_hS", GraphPool(o.pool_ratios[2], o.graph_dims[1]))),
        pool_temporal_(register_module("pool_hT", GraphPool(o.pool_ratios[2], o.graph_dims[1]))),
        drop_(register_module("drop_way", Dropout(0.2))) {}

  SpectraGraph forward(const torch::Tensor& temporal, const torch::Tensor& spectral) {
    auto [t, s, m] = attention1_->forward(temporal, spectral, master_);
    s = pool_spectral_(s);
    t = pool_temporal_(t);
    const auto [t_more, s_more, m_more] = attention2_->forward(t, s, m);
    return {drop_(t + t_more), drop_(s + s_more), drop_(m + m_more)};
  }

 private:
  static HeterogeneousGraphAttention attention(int64_t in, int64_t out, double temperature) {
    return HeterogeneousGraphAttention(in, out, temperature, /*activates=*/false);
  }

  torch::Tensor master_;
  HeterogeneousGraphAttention attention1_, attention2_;
  GraphPool pool_spectral_, pool_temporal_;
  Dropout drop_;
};
TORCH_MODULE(SpectraBranch);

// [B, 1, rows, frames] -> [B, C, rows, frames].
class SpectraEncoderImpl : public torch::nn::Module {
 public:
  explicit SpectraEncoderImpl(const SpectraOptions& o)
      : first_bn_(register_module("first_bn", BatchNorm(1))),
        first_bn1_(register_module("first_bn1", BatchNorm(o.residual_channels.back().second))),
        blocks_(register_module("enc", torch::nn::ModuleList())) {
    for (const auto& [in, out] : o.residual_channels) {
      const bool first = blocks_->is_empty();
      blocks_->push_back(torch::nn::Sequential(
          ResidualBlock(in, out, first, /*pools=*/false, /*heeds_bn1=*/true)));
    }
  }

  torch::Tensor forward(const torch::Tensor& map) {
    auto x = torch::selu(first_bn_(map));
    for (const auto& block : *blocks_) x = block->as<torch::nn::SequentialImpl>()->forward(x);
    return torch::selu(first_bn1_(x));
  }

 private:
  BatchNorm first_bn_, first_bn1_;
  torch::nn::ModuleList blocks_;
};
TORCH_MODULE(SpectraEncoder);

class SpectraAasistImpl : public torch::nn::Module {
 public:
  explicit SpectraAasistImpl(const SpectraOptions& o)
      : pos_T_(register_parameter("pos_T", torch::randn({1, o.maximum_frames, o.projection_dim}))),
        pos_S_(register_parameter("pos_S", torch::randn({1, o.projection_dim / kPooled,
                                                         o.residual_channels.back().second}))),
        encoder_(register_module("enc", SpectraEncoder(o))),
        attention_(register_module(
            "attention",
            make_map_attention(o.residual_channels.back().second, o.attention_channels))),
        gat_S_(register_module("GAT_layer_S", gat(o, 0))),
        gat_T_(register_module("GAT_layer_T", gat(o, 1))),
        pool_S_(register_module("pool_S", GraphPool(o.pool_ratios[0], o.graph_dims[0]))),
        pool_T_(register_module("pool_T", GraphPool(o.pool_ratios[1], o.graph_dims[0]))),
        drop_(register_module("drop", Dropout(0.5))),
        out_layer_(register_module("out_layer", torch::nn::Linear(5 * o.graph_dims[1], kBoth))) {
    for (int64_t i = 1; i <= o.branches; ++i) {
      branches_.push_back(register_module(fmt::format("branch{}", i), SpectraBranch(o)));
    }
  }

  NetworkOutput forward(const torch::Tensor& projected, const Watcher& watcher) {
    const int64_t frames = projected.size(1);
    if (frames < kPooled || frames > pos_T_.size(1)) {
      throw Error(fmt::format("this head takes {} to {} frames, found {}", kPooled, pos_T_.size(1),
                              frames));
    }
    const auto placed = projected + pos_T_.narrow(1, 0, frames);
    const auto map = max_pool(placed.transpose(1, 2).unsqueeze(1).abs(), {kPooled, kPooled});
    const auto x = encoder_(map);
    watcher("encoder", x);
    const auto weights = attention_->forward(x);
    const auto spectral = (x * torch::softmax(weights, 3)).sum(3).transpose(1, 2) + pos_S_;
    const auto temporal = (x * torch::softmax(weights, 2)).sum(2).transpose(1, 2);
    const auto embedding = drop_(joined(spectral, temporal, watcher));
    return {out_layer_(embedding), embedding};
  }

 private:
  static GraphAttention gat(const SpectraOptions& o, size_t kind) {
    return GraphAttention(o.residual_channels.back().second, o.graph_dims[0], o.temperatures[kind]);
  }

  torch::Tensor joined(const torch::Tensor& spectral_in, const torch::Tensor& temporal_in,
                       const Watcher& watcher) {
    const auto spectral = gat_S_(spectral_in), temporal = gat_T_(temporal_in);
    watcher("GAT_layer_S", spectral);
    watcher("GAT_layer_T", temporal);
    const auto pooled_S = pool_S_(spectral), pooled_T = pool_T_(temporal);
    SpectraGraph best;
    for (SpectraBranch& branch : branches_) {
      const SpectraGraph graph = branch(pooled_T, pooled_S);
      const auto larger = [](const torch::Tensor& one, const torch::Tensor& other) {
        return one.defined() ? torch::maximum(one, other) : other;
      };
      best = {larger(best.temporal, graph.temporal), larger(best.spectral, graph.spectral),
              larger(best.master, graph.master)};
    }
    return torch::cat({best.temporal.abs().amax(1), best.temporal.mean(1),
                       best.spectral.abs().amax(1), best.spectral.mean(1), best.master.squeeze(1)},
                      /*dim=*/1);
  }

  torch::Tensor pos_T_, pos_S_;
  SpectraEncoder encoder_;
  torch::nn::Sequential attention_;
  GraphAttention gat_S_, gat_T_;
  GraphPool pool_S_, pool_T_;
  std::vector<SpectraBranch> branches_;
  Dropout drop_;
  torch::nn::Linear out_layer_;
};
TORCH_MODULE(SpectraAasist);

class SpectraBridgeImpl : public torch::nn::Module {
 public:
  SpectraBridgeImpl(int64_t in, int64_t out)
      : mlp_(register_module("mlp", torch::nn::Sequential(
                                        torch::nn::Linear(in, out), torch::nn::SELU(), Dropout(0.1),
                                        torch::nn::Linear(out, out), Dropout(0.1)))) {}

  torch::Tensor forward(const torch::Tensor& x) { return mlp_->forward(x); }

 private:
  torch::nn::Sequential mlp_;
};
TORCH_MODULE(SpectraBridge);

class SpectraHead : public DetectorHead {
 public:
  SpectraHead(const SpectraOptions& options)
      : bridge_(
            register_module("bridge", SpectraBridge(options.input_dim, options.projection_dim))),
        aasist_(register_module("aasist", SpectraAasist(options))) {}

  NetworkOutput forward(const torch::Tensor& states) override {
    const auto projected = bridge_(states[0]);
    watcher_("projection", projected);
    return aasist_->forward(projected, watcher_);
  }

 private:
  SpectraBridge bridge_;
  SpectraAasist aasist_;
};

}  // namespace

std::shared_ptr<DetectorHead> make_spectra_head(const Json& options, int64_t dim) {
  std::vector<std::string> keys = ssl_aasist_keys();
  keys.insert(keys.end(), {"name", "maximum_frames", "branches"});
  const OptionReader read(options, "model.head", keys);
  SpectraOptions o;
  o.input_dim = dim;
  read_ssl_aasist(read, o);
  read.integer("maximum_frames", o.maximum_frames, kPooled, 1 << 16);
  read.integer("branches", o.branches, 1, 64);
  return std::make_shared<SpectraHead>(o);
}

}  // namespace bonafide
