#include "models/aasist.h"

#include <fmt/format.h>

#include "base/error.h"
#include "features/sinc_filters.h"
#include "models/options.h"
#include "nn/batch_norm.h"
#include "nn/graph_attention.h"
#include "nn/graph_pool.h"
#include "nn/residual_block.h"

namespace bonafide {

namespace {

constexpr double kSampleRate = 16000;  // Hz
constexpr int64_t kPooling = 2187;     // seven poolings by 3 between samples and encoder frames

class Aasist : public Network {
 public:
  explicit Aasist(const AasistOptions& options);

  NetworkOutput forward(const torch::Tensor& wave) override;
  SincConv* sinc_conv() override { return &conv_time_; }

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

  Branch make_branch(const AasistOptions& options, int number, const torch::Tensor& master);
  torch::Tensor encode(const torch::Tensor& wave);
  Graph run(Branch& branch, const torch::Tensor& temporal, const torch::Tensor& spectral);
  torch::Tensor read_out(Graph first, Graph second);

  SincConv conv_time_;
  torch::Tensor pos_S_;
  BatchNorm first_bn_;
  torch::nn::ModuleList encoder_;
  GraphAttention gat_S_, gat_T_;
  GraphPool pool_S_ = nullptr, pool_T_ = nullptr;
  Branch branch1_, branch2_;
  torch::nn::Dropout drop_way_, drop_;
  torch::nn::Linear out_layer_;
};

// A map [B, H, W] as one channel [B, 1, H, W] that lies in memory as channels-last. LibTorch takes
// the layout of a convolution from the strides of its input, and contiguous() leaves those of a
// single channel as they are; the whole encoder would then run in the slower layout.
torch::Tensor channels_last(const torch::Tensor& map) {
  return map.contiguous().unsqueeze(-1).permute({0, 3, 1, 2});
}

int64_t odd(int64_t taps) { return taps + (taps % 2 == 0 ? 1 : 0); }

// The parameters stand before the modules, as in the reference's state dict.
Aasist::Aasist(const AasistOptions& o)
    : conv_time_(make_sinc_filters(o.filters, odd(o.first_conv), kSampleRate).band_pass),
      pos_S_(register_parameter("pos_S", torch::randn({1, o.filters / 3, o.blocks[3][1]}))),
      first_bn_(1),
      gat_S_(o.blocks[3][1], o.gat_dims[0], o.temperatures[0]),
      gat_T_(o.blocks[3][1], o.gat_dims[0], o.temperatures[1]),
      drop_way_(0.2),
      drop_(0.5),
      out_layer_(5 * o.gat_dims[1], 2) {
  const auto master1 = register_parameter("master1", torch::randn({1, 1, o.gat_dims[0]}));
  const auto master2 = register_parameter("master2", torch::randn({1, 1, o.gat_dims[0]}));
  register_module("first_bn", first_bn_);
  for (size_t i = 0; i < 6; ++i) {
    const auto& [in, out] = o.blocks[std::min<size_t>(i, 3)];
    encoder_->push_back(torch::nn::Sequential(ResidualBlock(in, out, /*first=*/i == 0)));
  }
  register_module("encoder", encoder_);
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

// [B, N] -> [B, C, filters / 3, frames]
torch::Tensor Aasist::encode(const torch::Tensor& wave) {
  const auto bands = conv_time_.forward(wave);
  show("conv_time", bands);
  auto map = first_bn_(torch::max_pool2d(torch::abs(bands).unsqueeze(1), /*kernel_size=*/3));
  show("first_bn", map.squeeze(1));
  map = channels_last(torch::selu_(map).squeeze(1));
  for (size_t i = 0; i < encoder_->size(); ++i) {
    map = encoder_->ptr<torch::nn::SequentialImpl>(i)->forward(map);
    show(fmt::format("encoder.{}", i), map);
  }
  return map;
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

NetworkOutput Aasist::forward(const torch::Tensor& wave) {
  if (wave.dim() != 2 || wave.size(1) < 128 + kPooling) {
    throw Error(
        fmt::format("AASIST wants a batch of waveforms of at least {} samples, got shape {}",
                    128 + kPooling, c10::str(wave.sizes())));
  }
  const auto magnitude = encode(wave).abs();

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

}  // namespace

AasistOptions AasistOptions::from_json(const Json& model) {
  const OptionReader read(model, "model",
                          {"architecture", "nb_samp", "first_conv", "filts", "gat_dims",
                           "pool_ratios", "temperatures"});
  AasistOptions o;
  read.integer("first_conv", o.first_conv, 2, 8192);
  read.numbers("pool_ratios", o.pool_ratios, 0.01, 1.0);
  read.numbers("temperatures", o.temperatures, 1e-3, 1e6);
  read.integers("gat_dims", o.gat_dims, 1, 4096);
  if (const Json* filts = read.find("filts")) {
    if (!filts->is_array() || filts->size() != 5) {
      throw UsageError("model.filts: wants [filters, [in, out] four times]");
    }
    read.integer_value("filts[0]", (*filts)[0], o.filters, 3, 4096);
    for (size_t i = 0; i < o.blocks.size(); ++i) {
      read.integer_values(fmt::format("filts[{}]", i + 1), (*filts)[i + 1], o.blocks[i], 1, 4096);
      if (o.blocks[i][0] != (i == 0 ? 1 : o.blocks[i - 1][1])) {
        throw UsageError(fmt::format("model.filts[{}]: {} channels go in, but {} came out before",
                                     i + 1, o.blocks[i][0], i == 0 ? 1 : o.blocks[i - 1][1]));
      }
    }
    if (o.blocks[3][0] != o.blocks[3][1]) {
      throw UsageError("model.filts[4]: the last three blocks keep their number of channels");
    }
  }
  return o;
}

std::shared_ptr<Network> make_aasist(const Json& model) {
  return std::make_shared<Aasist>(AasistOptions::from_json(model));
}

}  // namespace bonafide
