#include "models/ssl_transformer.h"

#include <cmath>

#include "nn/gelu.h"
#include "nn/relative_position.h"

namespace bonafide {

namespace {

LayerNorm norm_of(const SslEncoderOptions& o) {
  return LayerNorm(torch::nn::LayerNormOptions({o.hidden_size}).eps(o.layer_norm_eps));
}

// A grouped convolution whose weight is normalised for each place of its kernel, as long as its
// input: [B, D, T] -> [B, D, T].
class PositionalConvImpl : public torch::nn::Module {
 public:
  explicit PositionalConvImpl(const SslEncoderOptions& o)
      : kernel_(o.num_conv_pos_embeddings), groups_(o.num_conv_pos_embedding_groups) {
    const int64_t width = o.hidden_size;
    const auto v = torch::randn({width, width / groups_, kernel_}) *
                   (2.0 / std::sqrt(static_cast<double>(kernel_ * width)));
    weight_g_ = register_parameter("weight_g", length_of(v));
    weight_v_ = register_parameter("weight_v", v);
    bias_ = register_parameter("bias", torch::zeros({width}));
  }

  // An even kernel gives one frame more than there are: the last one goes.
  torch::Tensor forward(const torch::Tensor& x) {
    const auto weight = weight_v_ * (weight_g_ / length_of(weight_v_));
    const auto y = torch::conv1d(x, weight, bias_, /*stride=*/1, /*padding=*/kernel_ / 2,
                                 /*dilation=*/1, groups_);
    return y.slice(/*dim=*/2, 0, x.size(2));
  }

 private:
  static torch::Tensor length_of(const torch::Tensor& v) {
    return v.square().sum(torch::IntArrayRef{0, 1}, /*keepdim=*/true).sqrt();
  }

  int64_t kernel_, groups_;
  torch::Tensor weight_g_, weight_v_, bias_;
};
TORCH_MODULE(PositionalConv);

class PositionImpl : public torch::nn::Module {
 public:
  explicit PositionImpl(const SslEncoderOptions& o) : conv_(o) { register_module("conv", conv_); }

  torch::Tensor forward(const torch::Tensor& x) {
    return exact_gelu(conv_(x.transpose(1, 2)).transpose(1, 2));
  }

 private:
  PositionalConv conv_;
};
TORCH_MODULE(Position);

class AttentionImpl : public torch::nn::Module {
 public:
  AttentionImpl(const SslEncoderOptions& o, bool owns_bias)
      : heads_(o.num_attention_heads),
        q_proj_(o.hidden_size, o.hidden_size),
        k_proj_(o.hidden_size, o.hidden_size),
        v_proj_(o.hidden_size, o.hidden_size),
        out_proj_(o.hidden_size, o.hidden_size),
        drop_(o.attention_dropout) {
    register_module("q_proj", q_proj_);
    register_module("k_proj", k_proj_);
    register_module("v_proj", v_proj_);
    register_module("out_proj", out_proj_);
    register_module("dropout", drop_);
    if (o.has_relative_bias()) register_gate(o);
    if (o.has_relative_bias() && owns_bias) {
      bias_table_ = register_module("rel_attn_embed", torch::nn::Embedding(o.num_buckets, heads_));
    }
  }

  // `bias` [H, T, T] and `masked` [B, 1, 1, T] may be undefined.
  torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& bias,
                        const torch::Tensor& masked) {
    const auto query = split(q_proj_(x)), key = split(k_proj_(x)), value = split(v_proj_(x));
    const double scale = 1.0 / std::sqrt(static_cast<double>(query.size(-1)));
    auto logits = torch::matmul(query * scale, key.transpose(-2, -1));
    if (bias.defined()) logits = logits + gate(split(x)) * bias;
    if (masked.defined()) logits = logits.masked_fill(masked, -INFINITY);
    const auto found = torch::matmul(drop_(logits.softmax(-1)), value);
    return out_proj_(found.transpose(1, 2).reshape(x.sizes()));
  }

  // Of buckets [T, T]: [H, T, T].
  torch::Tensor bias_of(const torch::Tensor& buckets) {
    return bias_table_(buckets).permute({2, 0, 1});
  }

 private:
  void register_gate(const SslEncoderOptions& o) {
    gate_const_ = register_parameter("gru_rel_pos_const", torch::ones({1, heads_, 1, 1}));
    gate_linear_ =
        register_module("gru_rel_pos_linear", torch::nn::Linear(o.hidden_size / heads_, 8));
  }

  // [B, T, D] -> [B, H, T, D / H].
  torch::Tensor split(const torch::Tensor& x) const {
    return x.view({x.size(0), x.size(1), heads_, -1}).transpose(1, 2);
  }

  // How much of the bias each query takes: [B, H, T, D / H] -> [B, H, T, 1].
  torch::Tensor gate(const torch::Tensor& x) {
    const auto eight = gate_linear_(x);
    const auto gates = eight.view({x.size(0), heads_, x.size(2), 2, 4}).sum(-1).sigmoid();
    const auto update = gates.slice(-1, 0, 1), reset = gates.slice(-1, 1, 2);
    return update * (reset * gate_const_ - 1.0) + 2.0;
  }

  int64_t heads_;
  torch::nn::Linear q_proj_, k_proj_, v_proj_, out_proj_;
  Dropout drop_;
  torch::Tensor gate_const_;
  torch::nn::Linear gate_linear_ = nullptr;
  torch::nn::Embedding bias_table_ = nullptr;
};
TORCH_MODULE(Attention);

class FeedForwardImpl : public torch::nn::Module {
 public:
  explicit FeedForwardImpl(const SslEncoderOptions& o)
      : in_(o.hidden_size, o.intermediate_size),
        out_(o.intermediate_size, o.hidden_size),
        drop_(o.activation_dropout) {
    register_module("intermediate_dense", in_);
    register_module("output_dense", out_);
    register_module("dropout", drop_);
  }

  torch::Tensor forward(const torch::Tensor& x) { return out_(drop_(exact_gelu(in_(x)))); }

 private:
  torch::nn::Linear in_, out_;
  Dropout drop_;
};
TORCH_MODULE(FeedForward);

class LayerImpl : public torch::nn::Module {
 public:
  LayerImpl(const SslEncoderOptions& o, bool first)
      : norm_first_(o.do_stable_layer_norm),
        attention(o, first),
        norm_(norm_of(o)),
        feed_forward_(o),
        final_norm_(norm_of(o)),
        drop_(o.hidden_dropout) {
    register_module("attention", attention);
    register_module("layer_norm", norm_);
    register_module("feed_forward", feed_forward_);
    register_module("final_layer_norm", final_norm_);
    register_module("dropout", drop_);
  }

  torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& bias,
                        const torch::Tensor& masked) {
    if (norm_first_) {
      const auto y = x + drop_(attention(norm_(x), bias, masked));
      return y + drop_(feed_forward_(final_norm_(y)));
    }
    const auto y = norm_(x + drop_(attention(x, bias, masked)));
    return final_norm_(y + drop_(feed_forward_(y)));
  }

 private:
  bool norm_first_;

 public:
  Attention attention;

 private:
  LayerNorm norm_;
  FeedForward feed_forward_;
  LayerNorm final_norm_;
  Dropout drop_;
};
TORCH_MODULE(Layer);

}  // namespace

SslTransformerImpl::SslTransformerImpl(const SslEncoderOptions& o)
    : options_(o), position_(Position(o)), layer_norm_(norm_of(o)), drop_(o.hidden_dropout) {
  register_module("pos_conv_embed", position_.ptr());
  register_module("layer_norm", layer_norm_);
  register_module("layers", layers_);
  register_module("dropout", drop_);
  for (int64_t i = 0; i < o.num_hidden_layers; ++i) layers_->push_back(Layer(o, i == 0));
}

torch::Tensor SslTransformerImpl::position_bias(int64_t frames) {
  if (!options_.has_relative_bias()) return {};
  auto& first = *layers_[0]->as<LayerImpl>();
  const auto places = torch::arange(frames, torch::kInt64);
  const auto offsets = places.unsqueeze(0) - places.unsqueeze(1);
  const auto buckets =
      relative_position_buckets(offsets, options_.num_buckets, options_.max_bucket_distance);
  return first.attention->bias_of(buckets.to(layer_norm_->weight.device()));
}

void SslTransformerImpl::run(SslStates& states, const torch::Tensor& input,
                             const torch::Tensor& padding) {
  const auto x = padding.defined() ? input.masked_fill(padding.unsqueeze(-1), 0.0) : input;
  const auto masked =
      padding.defined() ? padding.unsqueeze(1).unsqueeze(1) : torch::Tensor();  // as keys
  states.positional = position_.forward(x);
  auto y = x + states.positional;
  if (!options_.do_stable_layer_norm) y = layer_norm_(y);
  states.layer_in = y = drop_(y);
  states.position_bias = position_bias(y.size(1));
  for (const auto& layer : *layers_) {
    y = layer->as<LayerImpl>()->forward(y, states.position_bias, masked);
    states.layers.push_back(y);
  }
  states.last = options_.do_stable_layer_norm ? layer_norm_(y) : y;
}

}  // namespace bonafide
