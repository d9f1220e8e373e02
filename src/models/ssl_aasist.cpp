#include "models/ssl_aasist.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/json_value.h"
#include "base/text.h"
#include "nn/max_pool.h"
#include "nn/residual_block.h"

namespace bonafide {

namespace {

constexpr int64_t kPool = 3;  // rows and columns that become one
constexpr int64_t kWidestMap = 16384;

std::vector<std::pair<int64_t, int64_t>> channel_pairs(const Json& list) {
  std::vector<std::pair<int64_t, int64_t>> pairs;
  for (const Json& entry : list) {
    const bool fits = entry.is_array() && entry.size() == 2 && entry[0].is_number_integer() &&
                      entry[1].is_number_integer() && entry[0] >= 1 && entry[1] >= 1 &&
                      entry[0] <= kWidestMap && entry[1] <= kWidestMap &&
                      entry[0] == (pairs.empty() ? 1 : pairs.back().second);
    if (!fits) {
      throw UsageError(
          fmt::format("model.head.residual_channels: {} is not the [in, out] of a block "
                      "behind the one before",
                      printable(entry.dump(), 80)));
    }
    pairs.emplace_back(entry[0].get<int64_t>(), entry[1].get<int64_t>());
  }
  if (pairs.empty()) throw UsageError("model.head.residual_channels: there is no block");
  return pairs;
}

AasistGraphOptions graph_options(const SslAasistOptions& o) {
  return {o.projection_dim / kPool, o.residual_channels.back().second, o.graph_dims, o.pool_ratios,
          o.temperatures};
}

}  // namespace

torch::nn::Sequential make_map_attention(int64_t channels, int64_t inner) {
  const auto conv = [](int64_t in, int64_t out) {
    return torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, 1));
  };
  return torch::nn::Sequential(conv(channels, inner), torch::nn::SELU(), BatchNorm(inner),
                               conv(inner, channels));
}

std::vector<std::string> ssl_aasist_keys() {
  return {"projection_dim", "residual_channels", "attention_channels",
          "graph_dims",     "pool_ratios",       "temperatures"};
}

void read_ssl_aasist(const OptionReader& read, SslAasistOptions& o) {
  read.integer("projection_dim", o.projection_dim, kPool, kWidestMap);
  if (const Json* channels = read.find("residual_channels")) {
    o.residual_channels = channel_pairs(*channels);
  }
  read.integer("attention_channels", o.attention_channels, 1, kWidestMap);
  read.integers("graph_dims", o.graph_dims, 1, kWidestMap);
  read.numbers("pool_ratios", o.pool_ratios, 0.0, 1.0);
  read.numbers("temperatures", o.temperatures, 1e-3, 1e6);
}

SslAasist::SslAasist(const SslAasistOptions& o, torch::nn::Module& owner)
    : projection_(o.input_dim, o.projection_dim),
      first_bn_(1),
      first_bn1_(o.residual_channels.back().second),
      attention_(make_map_attention(o.residual_channels.back().second, o.attention_channels)),
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
