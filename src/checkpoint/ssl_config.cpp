#include "checkpoint/ssl_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string_view>

#include "base/error.h"
#include "base/json_value.h"
#include "base/text.h"

namespace bonafide {

namespace {

// What the class of a configuration takes where its file says nothing, and tensors cannot tell.
const Json& huggingface_defaults() {
  static const Json defaults = {
      {"model_type", "wav2vec2"},      {"num_attention_heads", 12},
      {"do_stable_layer_norm", false}, {"conv_stride", {5, 2, 2, 2, 2, 2, 2}},
      {"hidden_act", "gelu"},          {"max_bucket_distance", 800}};
  return defaults;
}

constexpr std::array<std::string_view, 21> kKeys = {"model_type",
                                                    "conv_dim",
                                                    "conv_kernel",
                                                    "conv_stride",
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
                                                    "hidden_act",
                                                    "feat_proj_dropout",
                                                    "hidden_dropout",
                                                    "attention_dropout",
                                                    "activation_dropout"};

std::string not_supported(std::string_view key, const Json& value, std::string_view instead) {
  return fmt::format("{}: {} is not supported; only {} is", key, printable(value.dump(), 80),
                     instead);
}

}  // namespace

namespace {

// "num_hidden_layers: "two" is not a whole number"; "" where the values are of their keys' kinds.
std::string ill_typed(const Json& config) {
  for (const char* key : {"hidden_size", "num_hidden_layers", "num_attention_heads",
                          "intermediate_size", "num_conv_pos_embeddings",
                          "num_conv_pos_embedding_groups", "num_buckets", "max_bucket_distance"}) {
    const auto found = config.find(key);
    if (found == config.end() || found->is_number_integer()) continue;
    return fmt::format("{}: {} is not a whole number", key, printable(found->dump(), 80));
  }
  for (const char* key : {"conv_bias", "do_stable_layer_norm", "do_normalize"}) {
    const auto found = config.find(key);
    if (found == config.end() || found->is_boolean()) continue;
    return fmt::format("{}: {} is neither true nor false", key, printable(found->dump(), 80));
  }
  return "";
}

}  // namespace

std::string unsupported_encoder(const Json& config) {
  static const std::vector<std::pair<std::string, Json>> supported = {
      {"hidden_act", "gelu"},         {"feat_extract_activation", "gelu"},
      {"add_adapter", false},         {"adapter_attn_dim", nullptr},
      {"feat_proj_layer_norm", true}, {"conv_pos_batch_norm", false}};
  const auto type = config.find("model_type");
  const std::array<Json, 3> types = {"wav2vec2", "hubert", "wavlm"};
  if (type != config.end() && std::find(types.begin(), types.end(), *type) == types.end()) {
    return fmt::format("model_type: {} is not supported; only wav2vec2, hubert and wavlm are",
                       printable(type->dump(), 80));
  }
  for (const auto& [key, value] : supported) {
    const auto found = config.find(key);
    if (found != config.end() && *found != value) return not_supported(key, *found, value.dump());
  }
  return ill_typed(config);
}

EncoderConfig huggingface_config(const Json& config, const Json& preprocessor) {
  if (!config.is_object()) throw Error("is not an object of keys");
  if (!config.contains("model_type")) throw Error("model_type: is not there");
  if (const std::string why = unsupported_encoder(config); !why.empty()) throw Error(why);
  EncoderConfig told;
  told.form = "Hugging Face";
  told.values = huggingface_defaults();
  for (const std::string_view key : kKeys) {
    const auto found = config.find(key);
    if (found != config.end()) told.values[std::string(key)] = *found;
  }
  if (preprocessor.is_object()) {
    told.values["do_normalize"] = preprocessor.value("do_normalize", Json(true));
  }
  return told;
}

namespace {

// The values of one convolution's or layer's tensors.
class Tensors {
 public:
  Tensors(const StoredWeights& stored, const std::string& prefix) {
    for (const StoredTensor& tensor : stored.tensors) {
      if (!tensor.trouble.empty() || !tensor.name.starts_with(prefix)) continue;
      shapes_.emplace(std::string_view(tensor.name).substr(prefix.size()), &tensor.tensor.shape);
    }
  }

  bool has(std::string_view name) const { return shapes_.contains(name); }

  // The size of one dimension; nothing where there is no tensor of so many.
  std::optional<int64_t> size(std::string_view name, size_t dimensions, size_t which) const {
    const auto found = shapes_.find(name);
    if (found == shapes_.end() || found->second->size() != dimensions) return std::nullopt;
    return (*found->second)[which];
  }

  size_t layers() const {
    size_t count = 0;
    while (has(fmt::format("encoder.layers.{}.layer_norm.weight", count))) ++count;
    return count;
  }

 private:
  std::map<std::string_view, const std::vector<int64_t>*> shapes_;
};

void tell(Json& config, const char* key, std::optional<int64_t> value) {
  if (value) config[key] = *value;
}

void tell_convolutions(const Tensors& tensors, Json& config) {
  Json dims = Json::array(), kernels = Json::array();
  for (size_t i = 0;; ++i) {
    const std::string name = fmt::format("feature_extractor.conv_layers.{}.conv.weight", i);
    const auto width = tensors.size(name, 3, 0), kernel = tensors.size(name, 3, 2);
    if (!width || !kernel) break;
    dims.push_back(*width);
    kernels.push_back(*kernel);
  }
  if (dims.empty()) return;
  config["conv_bias"] = tensors.has("feature_extractor.conv_layers.0.conv.bias");
  if (dims.size() > 1) {
    const bool all = tensors.has("feature_extractor.conv_layers.1.layer_norm.weight");
    config["feat_extract_norm"] = all ? "layer" : "group";
  }
  config["conv_dim"] = std::move(dims);
  config["conv_kernel"] = std::move(kernels);
}

void tell_position(const Tensors& tensors, Json& config) {
  const char* kernel = "encoder.pos_conv_embed.conv.weight_v";
  const auto width = tensors.size(kernel, 3, 0), of_group = tensors.size(kernel, 3, 1);
  tell(config, "num_conv_pos_embeddings", tensors.size(kernel, 3, 2));
  if (width && of_group.value_or(0) > 0) {
    config["num_conv_pos_embedding_groups"] = *width / *of_group;
  }
}

void tell_relative_bias(const Tensors& tensors, Json& config) {
  const char* table = "encoder.layers.0.attention.rel_attn_embed.weight";
  if (!tensors.has(table)) return;
  config["model_type"] = "wavlm";
  tell(config, "num_buckets", tensors.size(table, 2, 0));
  tell(config, "num_attention_heads", tensors.size(table, 2, 1));
}

}  // namespace

Json config_of_tensors(const StoredWeights& stored, const std::string& prefix) {
  const Tensors tensors(stored, prefix);
  Json config = Json::object();
  tell_convolutions(tensors, config);
  tell_position(tensors, config);
  tell_relative_bias(tensors, config);
  tell(config, "hidden_size", tensors.size("encoder.layer_norm.weight", 1, 0));
  tell(config, "intermediate_size",
       tensors.size("encoder.layers.0.feed_forward.intermediate_dense.bias", 1, 0));
  if (const size_t layers = tensors.layers(); layers > 0) config["num_hidden_layers"] = layers;
  return config;
}

}  // namespace bonafide
