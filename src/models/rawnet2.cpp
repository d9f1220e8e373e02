#include "models/rawnet2.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/json_value.h"
#include "base/options.h"
#include "features/sinc_filters.h"
#include "nn/batch_norm.h"
#include "nn/max_pool.h"

namespace bonafide {

namespace {

constexpr int64_t kPooling = 2187;  // seven poolings by 3 between samples and frames
constexpr double kSlope = 0.3;      // of the leaky rectifier
constexpr size_t kBlocks = 6;

// The residual block in one dimension: [B, in, T] -> [B, out, T / 3]. As in ResidualBlock the
// reference throws the result of bn1 away.
class BlockImpl : public torch::nn::Module {
 public:
  BlockImpl(int64_t in, int64_t out, bool first)
      : conv1_(conv(in, out, 3)), bn2_(out), conv2_(conv(out, out, 3)) {
    if (!first) bn1_ = register_module("bn1", BatchNorm(in));
    register_module("conv1", conv1_);
    register_module("bn2", bn2_);
    register_module("conv2", conv2_);
    if (in != out) conv_downsample_ = register_module("conv_downsample", conv(in, out, 1));
  }

  torch::Tensor forward(const torch::Tensor& x) {
    if (is_training() && !bn1_.is_empty()) bn1_->observe(x);
    auto y = torch::leaky_relu(bn2_(conv1_(x)), kSlope);
    y = conv2_(y) + (conv_downsample_.is_empty() ? x : conv_downsample_(x));
    return max_pool(y, /*window=*/3);
  }

 private:
  static torch::nn::Conv1d conv(int64_t in, int64_t out, int64_t kernel) {
    return torch::nn::Conv1d(torch::nn::Conv1dOptions(in, out, kernel).padding(kernel / 2));
  }

  BatchNorm bn1_ = nullptr;
  torch::nn::Conv1d conv1_;
  BatchNorm bn2_;
  torch::nn::Conv1d conv2_;
  torch::nn::Conv1d conv_downsample_ = nullptr;
};
TORCH_MODULE(Block);

class RawNet2 : public Network {
 public:
  explicit RawNet2(const RawNet2Options& options);

  NetworkOutput forward(const NetworkInput& input) override;
  SincConv* sinc_conv() override { return &sinc_conv_; }
  // Each frame reads all weights of the recurrent layers' states, 38 MB at their published size.
  size_t best_batch() const override { return 16; }

 private:
  torch::Tensor filtered(const torch::Tensor& wave);

  int64_t shortest_;  // samples
  SincConv sinc_conv_;
  BatchNorm first_bn_;
  std::array<torch::nn::Sequential, kBlocks> blocks_;
  std::array<torch::nn::Sequential, kBlocks> attention_;
  BatchNorm bn_before_gru_;
  torch::nn::GRU gru_;
  torch::nn::Linear fc1_gru_, fc2_gru_;
};

RawNet2::RawNet2(const RawNet2Options& o)
    : shortest_(odd_taps(o.first_conv) - 1 + kPooling),
      sinc_conv_(make_sinc_filters(o.filters, odd_taps(o.first_conv), kSincSampleRate).band_pass),
      first_bn_(register_module("first_bn", BatchNorm(o.filters))),
      bn_before_gru_(o.wide[1]),
      gru_(torch::nn::GRUOptions(o.wide[1], o.gru_node)
               .num_layers(o.nb_gru_layer)
               .batch_first(true)),
      fc1_gru_(o.gru_node, o.nb_fc_node),
      fc2_gru_(o.nb_fc_node, o.nb_classes) {
  const std::array<std::array<int64_t, 2>, kBlocks> sizes = {{{o.narrow[0], o.narrow[1]},
                                                              {o.narrow[1], o.narrow[1]},
                                                              {o.wide[0], o.wide[1]},
                                                              {o.wide[1], o.wide[1]},
                                                              {o.wide[1], o.wide[1]},
                                                              {o.wide[1], o.wide[1]}}};
  for (size_t i = 0; i < kBlocks; ++i) {
    const auto& [in, out] = sizes[i];
    blocks_[i] = register_module(fmt::format("block{}", i),
                                 torch::nn::Sequential(Block(in, out, /*first=*/i == 0)));
  }
  for (size_t i = 0; i < kBlocks; ++i) {
    attention_[i] =
        register_module(fmt::format("fc_attention{}", i),
                        torch::nn::Sequential(torch::nn::Linear(sizes[i][1], sizes[i][1])));
  }
  register_module("bn_before_gru", bn_before_gru_);
  register_module("gru", gru_);
  register_module("fc1_gru", fc1_gru_);
  register_module("fc2_gru", fc2_gru_);
}

// [B, N] -> [B, filters, (N - taps + 1) / 3]
torch::Tensor RawNet2::filtered(const torch::Tensor& wave) {
  const auto bands = sinc_conv_.forward(wave);
  show("Sinc_conv", bands);
  const auto map = first_bn_(max_pool(torch::abs(bands), /*window=*/3));
  show("first_bn", map);
  return torch::selu(map);
}

NetworkOutput RawNet2::forward(const NetworkInput& input) {
  const auto& wave = input.wave;
  if (!wave.defined() || wave.dim() != 2 || wave.size(1) < shortest_) {
    throw Error(
        fmt::format("RawNet2 wants a batch of waveforms of at least {} samples, got shape {}",
                    shortest_, wave.defined() ? c10::str(wave.sizes()) : "of nothing"));
  }
  auto x = filtered(wave);
  for (size_t i = 0; i < kBlocks; ++i) {
    x = blocks_[i]->forward(x);
    show(fmt::format("block{}", i), x);
    // Feature-map scaling, by addition and by multiplication.
    const auto scale = torch::sigmoid(attention_[i]->forward(x.mean(/*dim=*/2))).unsqueeze(2);
    x = x * scale + scale;
  }
  x = bn_before_gru_(x);
  show("bn_before_gru", x);
  const auto frames = std::get<0>(gru_(torch::selu(x).transpose(1, 2).contiguous()));
  show("gru", frames);
  const auto embedding = fc1_gru_(frames.select(/*dim=*/1, -1));
  return {torch::log_softmax(fc2_gru_(embedding), /*dim=*/1), embedding};
}

}  // namespace

RawNet2Options RawNet2Options::from_json(const Json& model) {
  const OptionReader read(model, "model",
                          {"architecture", "nb_samp", "first_conv", "in_channels", "filts",
                           "blocks", "nb_fc_node", "gru_node", "nb_gru_layer", "nb_classes"});
  RawNet2Options o;
  read.integer("first_conv", o.first_conv, 2, 8192);
  read.integer("gru_node", o.gru_node, 1, 1 << 14);
  read.integer("nb_gru_layer", o.nb_gru_layer, 1, 64);
  read.integer("nb_fc_node", o.nb_fc_node, 1, 1 << 14);
  read.integer("nb_classes", o.nb_classes, 2, 2);
  if (const Json* filts = read.find("filts")) {
    if (!filts->is_array() || filts->size() < 3) {
      throw UsageError("model.filts: wants [filters, [in, out], [in, out], ...]");
    }
    read.integer_value("filts[0]", (*filts)[0], o.filters, 1, 4096);
    read.integer_values("filts[1]", (*filts)[1], o.narrow, 1, 4096);
    read.integer_values("filts[2]", (*filts)[2], o.wide, 1, 4096);
  }
  if (o.narrow[0] != o.filters || o.wide[0] != o.narrow[1]) {
    throw UsageError("model.filts: each block takes as many channels as came out before");
  }
  return o;
}

std::shared_ptr<Network> make_rawnet2(const Json& model) {
  return std::make_shared<RawNet2>(RawNet2Options::from_json(model));
}

}  // namespace bonafide
