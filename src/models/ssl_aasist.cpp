#include "models/ssl_aasist.h"

#include <fmt/format.h>

#include "base/error.h"
#include "nn/max_pool.h"
#include "nn/residual_block.h"

namespace bonafide {

namespace {

constexpr int64_t kPool = 3;  // rows and columns that become one

torch::nn::Sequential make_attention(int64_t channels, int64_t inner) {
  const auto conv = [](int64_t in, int64_t out) {
    return torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, 1));
  };
  return torch::nn::Sequential(conv(channels, inner), torch::nn::SELU(), BatchNorm(inner),
                               conv(inner, channels));
}

AasistGraphOptions graph_options(const SslAasistOptions& o) {
  return {o.projection_dim / kPool, o.residual_channels.back().second, o.graph_dims, o.pool_ratios,
          o.temperatures};
}

}  // namespace

SslAasist::SslAasist(const SslAasistOptions& o, torch::nn::Module& owner)
    : projection_(o.input_dim, o.projection_dim),
      first_bn_(1),
      first_bn1_(o.residual_channels.back().second),
      attention_(make_attention(o.residual_channels.back().second, o.attention_channels)),
      graphs_(graph_options(o)),
      out_layer_(graphs_.width(), o.output_dim) {
  for (const auto& [in, out] : o.residual_channels) {
    const bool first = encoder_->is_empty();
    encoder_->push_back(torch::nn::Sequential(ResidualBlock(in, out, first, /*pools=*/false)));
  }
  graphs_.register_parameters(owner);
  owner.register_module("LL", projection_);
  owner.register_module("first_bn", first_bn_);
  owner.register_module("first_bn1", first_bn1_);
  owner.register_module("encoder", encoder_);
  owner.register_module("attention", attention_);
  graphs_.register_modules(owner);
  owner.register_module("out_layer", out_layer_);
}

SslAasist::Output SslAasist::run(const torch::Tensor& states, const AasistGraphs::Show& show) {
  if (states.size(1) < kPool) {
    throw Error(fmt::format("AASIST takes at least {} frames, found {}", kPool, states.size(1)));
  }
  const auto projected = projection_(states);
  show("projection", projected);
  auto map = max_pool(projected.transpose(1, 2).unsqueeze(1), {kPool, kPool});
  map = torch::selu(first_bn_(map));
  for (const auto& block : *encoder_) map = block->as<torch::nn::SequentialImpl>()->forward(map);
  show("encoder", map);
  map = torch::selu(first_bn1_(map));  // [B, C, rows, frames]
  const auto weights = attention_->forward(map);
  const auto spectral = (map * torch::softmax(weights, 3)).sum(3).transpose(1, 2);
  const auto temporal = (map * torch::softmax(weights, 2)).sum(2).transpose(1, 2);
  const auto embedding = graphs_.run(spectral, temporal, show);
  return {embedding, out_layer_(embedding)};
}

}  // namespace bonafide
