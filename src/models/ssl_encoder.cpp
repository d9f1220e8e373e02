#include "models/ssl_encoder.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/json_value.h"
#include "base/memory_left.h"
#include "base/options.h"
#include "checkpoint/ssl_config.h"
#include "models/ssl_transformer.h"
#include "nn/gelu.h"

namespace bonafide {

namespace {

constexpr size_t kMostConvolutions = 32;

enum class ConvNorm { kNone, kGroup, kLayer };

// Convolution, norm, GELU: [B, in, N] -> [B, out, T].
class ConvLayerImpl : public torch::nn::Module {
 public:
  ConvLayerImpl(torch::nn::Conv1dOptions conv, ConvNorm norm) : conv_(conv) {
    const int64_t channels = conv.out_channels();
    register_module("conv", conv_);
    if (norm == ConvNorm::kGroup) {
      group_norm_ =
          register_module("layer_norm", GroupNorm(torch::nn::GroupNormOptions(channels, channels)));
    } else if (norm == ConvNorm::kLayer) {
      layer_norm_ =
          register_module("layer_norm", LayerNorm(torch::nn::LayerNormOptions({channels})));
    }
  }

  torch::Tensor forward(const torch::Tensor& x) {
    const auto y = conv_(x);
    if (layer_norm_) return exact_gelu(layer_norm_(y.transpose(1, 2))).transpose(1, 2);
    return exact_gelu(group_norm_ ? group_norm_(y) : y);
  }

 private:
  torch::nn::Conv1d conv_;
  GroupNorm group_norm_ = nullptr;
  LayerNorm layer_norm_ = nullptr;
};
TORCH_MODULE(ConvLayer);

ConvNorm norm_of(const SslEncoderOptions& o, size_t layer) {
  if (o.feat_extract_norm == "layer") return ConvNorm::kLayer;
  return layer == 0 ? ConvNorm::kGroup : ConvNorm::kNone;
}

torch::nn::ModuleList make_conv_layers(const SslEncoderOptions& o) {
  torch::nn::ModuleList layers;
  int64_t in = 1;
  for (size_t i = 0; i < o.conv_dim.size(); ++i) {
    const auto conv = torch::nn::Conv1dOptions(in, o.conv_dim[i], o.conv_kernel[i])
                          .stride(o.conv_stride[i])
                          .bias(o.conv_bias);
    layers->push_back(ConvLayer(conv, norm_of(o, i)));
    in = o.conv_dim[i];
  }
  return layers;
}

Json known_keys(const Json& config, const std::vector<std::string>& keys) {
  Json known = Json::object();
  for (const auto& key : keys) {
    if (config.contains(key)) known[key] = config[key];
  }
  return known;
}

void read_list(const OptionReader& read, const std::string& key, std::vector<int64_t>& values,
               int64_t most) {
  const Json* found = read.find(key);
  if (found == nullptr) return;
  if (!found->is_array() || found->empty() || found->size() > kMostConvolutions) {
    throw UsageError(fmt::format("encoder.{}: {} is not a list of 1 to {} numbers", key,
                                 printable(found->dump()), kMostConvolutions));
  }
  values.assign(found->size(), 0);
  for (size_t i = 0; i < values.size(); ++i) {
    read.integer_value(key, (*found)[i], values[i], 1, most);
  }
}

void read_convolutions(const OptionReader& read, SslEncoderOptions& o) {
  read_list(read, "conv_dim", o.conv_dim, 8192);
  read_list(read, "conv_kernel", o.conv_kernel, 1024);
  read_list(read, "conv_stride", o.conv_stride, 1024);
  auto layers = static_cast<int64_t>(o.conv_dim.size());
  read.integer("num_feat_extract_layers", layers, 1, kMostConvolutions);
  for (const auto size : {o.conv_dim.size(), o.conv_kernel.size(), o.conv_stride.size()}) {
    if (static_cast<int64_t>(size) == layers) continue;
    throw UsageError(
        fmt::format("encoder.conv_dim, conv_kernel and conv_stride: {}, {} and {} entries for {} "
                    "convolutions",
                    o.conv_dim.size(), o.conv_kernel.size(), o.conv_stride.size(), layers));
  }
  read.flag("conv_bias", o.conv_bias);
  read.word("feat_extract_norm", o.feat_extract_norm, {"group", "layer"});
}

void read_transformer(const OptionReader& read, SslEncoderOptions& o) {
  read.integer("hidden_size", o.hidden_size, 1, 16384);
  read.integer("num_hidden_layers", o.num_hidden_layers, 1, 512);
  read.integer("num_attention_heads", o.num_attention_heads, 1, 512);
  read.integer("intermediate_size", o.intermediate_size, 1, 1 << 17);
  read.integer("num_conv_pos_embeddings", o.num_conv_pos_embeddings, 1, 4096);
  read.integer("num_conv_pos_embedding_groups", o.num_conv_pos_embedding_groups, 1, 16384);
  read.flag("do_stable_layer_norm", o.do_stable_layer_norm);
  read.number("layer_norm_eps", o.layer_norm_eps, 1e-12, 1.0);
  read.integer("num_buckets", o.num_buckets, 4, 1 << 16);
  read.integer("max_bucket_distance", o.max_bucket_distance, 2, 1 << 24);
  read.number("feat_proj_dropout", o.feat_proj_dropout, 0.0, 0.99);
  read.number("hidden_dropout", o.hidden_dropout, 0.0, 0.99);
  read.number("attention_dropout", o.attention_dropout, 0.0, 0.99);
  read.number("activation_dropout", o.activation_dropout, 0.0, 0.99);
}

void check_sizes(const SslEncoderOptions& o) {
  const auto divides = [&](const char* key, int64_t parts) {
    if (o.hidden_size % parts == 0) return;
    throw UsageError(
        fmt::format("encoder.{}: {} does not divide hidden_size, {}", key, parts, o.hidden_size));
  };
  divides("num_attention_heads", o.num_attention_heads);
  divides("num_conv_pos_embedding_groups", o.num_conv_pos_embedding_groups);
  if (o.num_buckets % 4 == 0 && o.max_bucket_distance > o.num_buckets / 4) return;
  throw UsageError(
      fmt::format("encoder.num_buckets: {} must be a multiple of 4, and less than 4 times "
                  "max_bucket_distance, {}",
                  o.num_buckets, o.max_bucket_distance));
}

}  // namespace

SslEncoderOptions SslEncoderOptions::from_json(const Json& config) {
  if (!config.is_object()) throw UsageError("encoder: the configuration is not an object");
  if (const auto why = unsupported_encoder(config); !why.empty()) {
    throw UsageError("encoder." + why);
  }
  const std::vector<std::string> keys = {"model_type",
                                         "conv_dim",
                                         "conv_kernel",
                                         "conv_stride",
                                         "num_feat_extract_layers",
                                         "conv_bias",
                                         "feat_extract_norm",
                                         "hidden_size",
                                         "num_hidden_layers",
                                         "num_attention_heads",
                                         "intermediate_size",
                                         "num_conv_pos_embeddings",
                                         "num_conv_pos_embedding_groups",
                                         "do_stable_layer_norm",
                                         "layer_norm_eps",
                                         "num_buckets",
                                         "max_bucket_distance",
                                         "feat_proj_dropout",
                                         "hidden_dropout",
                                         "attention_dropout",
                                         "activation_dropout"};
  const Json known = known_keys(config, keys);
  const OptionReader read(known, "encoder", keys);
  SslEncoderOptions o;
  read.word("model_type", o.model_type, {"wav2vec2", "hubert", "wavlm"});
  read_convolutions(read, o);
  read_transformer(read, o);
  check_sizes(o);
  return o;
}

int64_t SslEncoderOptions::frames(int64_t samples) const {
  for (size_t i = 0; i < conv_kernel.size(); ++i) {
    if (samples < conv_kernel[i]) return 0;
    samples = (samples - conv_kernel[i]) / conv_stride[i] + 1;
  }
  return samples;
}

int64_t SslEncoderOptions::receptive_field() const {
  int64_t samples = 1;
  for (size_t i = conv_kernel.size(); i-- > 0;) {
    samples = (samples - 1) * conv_stride[i] + conv_kernel[i];
  }
  return samples;
}

int64_t SslEncoderOptions::parameters() const {
  int64_t convolutions = 0, in = 1;
  for (size_t i = 0; i < conv_dim.size(); ++i) {
    const bool norm = i == 0 || feat_extract_norm == "layer";
    convolutions += conv_dim[i] * (in * conv_kernel[i] + (conv_bias ? 1 : 0) + (norm ? 2 : 0));
    in = conv_dim[i];
  }
  const int64_t width = hidden_size;
  const int64_t projection = 2 * in + in * width + width;
  const int64_t position =
      width * (width / num_conv_pos_embedding_groups) * num_conv_pos_embeddings +
      num_conv_pos_embeddings + width;
  const int64_t gates = 8 * (width / num_attention_heads) + 8 + num_attention_heads;
  const int64_t layer = 4 * (width * width + width) + 4 * width + 2 * width * intermediate_size +
                        intermediate_size + width + (has_relative_bias() ? gates : 0);
  const int64_t table = has_relative_bias() ? num_buckets * num_attention_heads : 0;
  return convolutions + projection + position + 2 * width + num_hidden_layers * layer + table;
}

namespace {

// The options, where the memory that is left holds what they ask for.
const SslEncoderOptions& that_fit(const SslEncoderOptions& o) {
  const int64_t count = o.parameters();
  expect_memory(static_cast<uint64_t>(count) * sizeof(float),
                fmt::format("encoder: {} parameters: it", count));
  return o;
}

}  // namespace

SslEncoderImpl::SslEncoderImpl(const SslEncoderOptions& o)
    : options_(that_fit(o)),
      conv_layers_(make_conv_layers(o)),
      projection_norm_(torch::nn::LayerNormOptions({o.conv_dim.back()}).eps(o.layer_norm_eps)),
      projection_(o.conv_dim.back(), o.hidden_size),
      projection_drop_(o.feat_proj_dropout),
      encoder_(std::make_shared<SslTransformerImpl>(o)) {
  const auto extractor =
      register_module("feature_extractor", std::make_shared<torch::nn::Module>());
  extractor->register_module("conv_layers", conv_layers_.ptr());
  const auto projection =
      register_module("feature_projection", std::make_shared<torch::nn::Module>());
  projection->register_module("layer_norm", projection_norm_.ptr());
  projection->register_module("projection", projection_.ptr());
  projection->register_module("dropout", projection_drop_.ptr());
  register_module("encoder", encoder_);
}

torch::Tensor SslEncoderImpl::padding(const torch::Tensor& lengths, int64_t frames) const {
  if (!lengths.defined()) return {};
  std::vector<int64_t> ends;
  for (int64_t i = 0; i < lengths.size(0); ++i) {
    ends.push_back(options_.frames(lengths[i].item<int64_t>()));
    if (ends.back() > 0) continue;
    throw Error(fmt::format("encoder: a recording of {} samples gives no frame; it takes {}",
                            lengths[i].item<int64_t>(), options_.receptive_field()));
  }
  const auto places = torch::arange(frames, lengths.device());
  return places >= torch::tensor(ends, lengths.device()).unsqueeze(1);
}

SslStates SslEncoderImpl::forward(const torch::Tensor& waves, const torch::Tensor& lengths) {
  if (waves.dim() != 2 || options_.frames(waves.size(1)) == 0) {
    throw Error(fmt::format("encoder: expected recordings by at least {} samples, found {}",
                            options_.receptive_field(), c10::str(waves.sizes())));
  }
  auto x = waves.unsqueeze(1);
  for (const auto& layer : *conv_layers_) x = layer->as<ConvLayerImpl>()->forward(x);
  SslStates states;
  states.conv = x.transpose(1, 2);
  states.projected = projection_(projection_norm_(states.conv));
  encoder_->run(states, projection_drop_(states.projected), padding(lengths, states.conv.size(1)));
  return states;
}

}  // namespace bonafide
