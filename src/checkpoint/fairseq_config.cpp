#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/error.h"
#include "base/json_value.h"
#include "base/text.h"
#include "checkpoint/conv_layers.h"
#include "checkpoint/ssl_config.h"

namespace bonafide {

namespace {

// Where a file keeps what it says of the encoder.
struct Sections {
  const Json* model = nullptr;  // null: nowhere
  const Json* task = nullptr;   // has `normalize`
  const Json* outer = nullptr;  // of what was fine-tuned on top: `normalize` again
  bool microsoft = false;
};

const Json* object_at(const Json& in, const char* key) {
  const auto found = in.is_object() ? in.find(key) : in.end();
  return found != in.end() && found->is_object() ? &*found : nullptr;
}

bool describes_encoder(const Json* section) {
  constexpr std::array<const char*, 4> kTelling = {"extractor_mode", "conv_feature_layers",
                                                   "encoder_layers", "encoder_embed_dim"};
  return section != nullptr && std::any_of(kTelling.begin(), kTelling.end(),
                                           [&](const char* key) { return section->contains(key); });
}

// {model, task}, a model of which w2v_args is the encoder's own, or a flat section.
Sections sections_of(const Json& config) {
  const Json* model = object_at(config, "model");
  const Json* flat = model == nullptr ? &config : model;
  if (const Json* own = object_at(*flat, "w2v_args")) {
    Sections inner = sections_of(*own);
    inner.outer = flat;
    return inner;
  }
  if (!describes_encoder(flat)) return {};
  const Json* task = model == nullptr ? nullptr : object_at(config, "task");
  return {flat, task == nullptr ? flat : task, nullptr, false};
}

Sections find_sections(const Json& said) {
  if (const Json* config = object_at(said, "cfg")) {
    Sections found = sections_of(*config);
    found.microsoft = found.model == config;
    if (found.model != nullptr) return found;
  }
  if (const Json* model = object_at(said, "model_cfg"); describes_encoder(model)) {
    const Json* task = object_at(said, "task_cfg");
    return {model, task == nullptr ? model : task, nullptr, false};
  }
  const Json* arguments = object_at(said, "args");
  return arguments == nullptr ? Sections{} : sections_of(*arguments);
}

// A key of fairseq's, Hugging Face's for the same, and what a missing one is.
struct Key {
  const char* theirs;
  const char* ours;
  Json missing;
};

const std::vector<Key>& keys() {
  static const std::vector<Key> table = {{"conv_bias", "conv_bias", false},
                                         {"encoder_layers", "num_hidden_layers", 12},
                                         {"encoder_embed_dim", "hidden_size", 768},
                                         {"encoder_ffn_embed_dim", "intermediate_size", 3072},
                                         {"encoder_attention_heads", "num_attention_heads", 12},
                                         {"layer_norm_first", "do_stable_layer_norm", false},
                                         {"activation_fn", "hidden_act", "gelu"},
                                         {"conv_pos", "num_conv_pos_embeddings", 128},
                                         {"conv_pos_groups", "num_conv_pos_embedding_groups", 16},
                                         {"dropout", "hidden_dropout", 0.1},
                                         {"attention_dropout", "attention_dropout", 0.1},
                                         {"activation_dropout", "activation_dropout", 0.0},
                                         {"dropout_input", "feat_proj_dropout", 0.0}};
  return table;
}

class Translation {
 public:
  explicit Translation(const Sections& from) : from_(from) {}

  EncoderConfig config() {
    config_.form = from_.microsoft ? "Microsoft" : "fairseq";
    refuse_other_networks();
    config_.values["model_type"] = has_relative_bias() ? "wavlm" : "wav2vec2";
    for (const Key& key : keys()) tell(key.ours, value(*from_.model, key.theirs, key.missing));
    tell_extractor();
    tell_convolutions();
    if (has_relative_bias()) {
      tell("num_buckets", value(*from_.model, "num_buckets", 320));
      tell("max_bucket_distance", value(*from_.model, "max_distance", 1280));
    }
    tell("do_normalize", normalize());
    if (const std::string why = unsupported_encoder(config_.values); !why.empty()) throw Error(why);
    return std::move(config_);
  }

 private:
  static Json value(const Json& section, const char* key, const Json& missing) {
    return section.value(key, missing);
  }

  // Null: the file has it as something that cannot be read.
  void tell(const char* key, const Json& told) {
    if (told.is_null()) {
      config_.untold.emplace_back(key);
    } else {
      config_.values[key] = told;
    }
  }

  bool has_relative_bias() const {
    return value(*from_.model, "relative_position_embedding", false) == Json(true);
  }

  void expect(const char* key, const Json& only) const {
    const Json told = value(*from_.model, key, only);
    if (told.is_null() || told == only) return;
    throw Error(fmt::format("{}: {} is not supported; only {} is", key, printable(told.dump(), 80),
                            only.dump()));
  }

  void refuse_other_networks() const {
    expect("activation_fn", "gelu");
    expect("layer_type", "transformer");
    expect("pos_conv_depth", 1);
    expect("conv_pos_batch_norm", false);
    if (has_relative_bias() && value(*from_.model, "gru_rel_pos", false) != Json(true)) {
      throw Error("gru_rel_pos: a relative position bias without its gates is not supported");
    }
  }

  void tell_extractor() {
    const Json mode = value(*from_.model, "extractor_mode", "default");
    if (!mode.is_null() && mode != "default" && mode != "layer_norm") {
      throw Error(
          fmt::format("extractor_mode: {} is not supported; only default and layer_norm are",
                      printable(mode.dump(), 80)));
    }
    tell("feat_extract_norm",
         mode.is_null() ? mode : Json(mode == "layer_norm" ? "layer" : "group"));
  }

  void tell_convolutions() {
    const Json expression = value(*from_.model, "conv_feature_layers",
                                  "[(512, 10, 5)] + [(512, 3, 2)] * 4 + [(512,2,2)] + [(512,2,2)]");
    if (!expression.is_string()) return tell("conv_stride", nullptr);
    Json dims = Json::array(), kernels = Json::array(), strides = Json::array();
    try {
      for (const ConvLayerShape& layer : read_conv_layers(expression.get<std::string>())) {
        dims.push_back(layer.channels);
        kernels.push_back(layer.kernel);
        strides.push_back(layer.stride);
      }
    } catch (const Error& e) {
      throw Error(fmt::format("conv_feature_layers: {}", e.what()));
    }
    tell("conv_dim", dims);
    tell("conv_kernel", kernels);
    tell("conv_stride", strides);
  }

  // What was fine-tuned must hear what the encoder was trained on.
  Json normalize() const {
    const Json inner = value(*from_.task, "normalize", value(*from_.model, "normalize", false));
    const Json outer = from_.outer == nullptr ? inner : value(*from_.outer, "normalize", inner);
    if (inner.is_null() || outer.is_null() || inner == outer) return inner;
    throw Error(
        fmt::format("normalize: is {} of the encoder (w2v_args) and {} of what was "
                    "fine-tuned on it",
                    printable(inner.dump(), 80), printable(outer.dump(), 80)));
  }

  Sections from_;
  EncoderConfig config_;
};

}  // namespace

EncoderConfig fairseq_config(const Json& said) {
  const Sections sections = find_sections(said);
  return sections.model == nullptr ? EncoderConfig{} : Translation(sections).config();
}

}  // namespace bonafide
