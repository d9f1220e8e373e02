#include "checkpoint/ssl_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <set>
#include <span>
#include <string_view>

#include "base/text.h"

namespace bonafide {

namespace {

constexpr size_t kMostEncoders = 8;  // of one file; others keep their names

// In a pattern, which is the beginning of a name, "#" is a number.
struct Rule {
  std::string_view from;
  std::string_view to;
};

// The first rule that fits counts.
constexpr std::array<Rule, 15> kFairseq = {{
    {"feature_extractor.conv_layers.#.0.", "feature_extractor.conv_layers.#.conv."},
    {"feature_extractor.conv_layers.#.2.1.", "feature_extractor.conv_layers.#.layer_norm."},
    {"feature_extractor.conv_layers.#.2.", "feature_extractor.conv_layers.#.layer_norm."},
    {"layer_norm.", "feature_projection.layer_norm."},
    {"post_extract_proj.", "feature_projection.projection."},
    {"encoder.pos_conv.0.", "encoder.pos_conv_embed.conv."},
    {"encoder.layers.#.self_attn.grep_linear.", "encoder.layers.#.attention.gru_rel_pos_linear."},
    {"encoder.layers.#.self_attn.grep_a", "encoder.layers.#.attention.gru_rel_pos_const"},
    {"encoder.layers.#.self_attn.relative_attention_bias.",
     "encoder.layers.#.attention.rel_attn_embed."},
    {"encoder.layers.#.self_attn.", "encoder.layers.#.attention."},
    {"encoder.layers.#.self_attn_layer_norm.", "encoder.layers.#.layer_norm."},
    {"encoder.layers.#.fc1.", "encoder.layers.#.feed_forward.intermediate_dense."},
    {"encoder.layers.#.fc2.", "encoder.layers.#.feed_forward.output_dense."},
    {"encoder.layers.#.final_layer_norm.", "encoder.layers.#.final_layer_norm."},
    {"encoder.layer_norm.", "encoder.layer_norm."},
}};

constexpr std::array<Rule, 3> kTorchaudio = {{
    {"encoder.feature_projection.", "feature_projection."},
    {"encoder.transformer.layers.#.attention.attention.", "encoder.layers.#.attention."},
    {"encoder.transformer.", "encoder."},
}};

// Whatever the dialect: how PyTorch calls the two parts of a normalised weight since 2.0.
constexpr std::array<Rule, 2> kWeightNorm = {{
    {"encoder.pos_conv_embed.conv.parametrizations.weight.original0",
     "encoder.pos_conv_embed.conv.weight_g"},
    {"encoder.pos_conv_embed.conv.parametrizations.weight.original1",
     "encoder.pos_conv_embed.conv.weight_v"},
}};

// Tensors by which an encoder is another network, with the key that makes it so.
constexpr std::array<Rule, 10> kVariants = {{
    {"encoder.pos_conv.0.running_mean", "conv_pos_batch_norm"},
    {"encoder.pos_conv.0.0.", "pos_conv_depth"},
    {"encoder.layers.#.ffn1.", "layer_type"},
    {"encoder.layers.#.adapter_layer.", "layer_type"},
    {"encoder.layers.#.fc1.linear.", "activation_fn"},
    {"encoder.pos_conv_embed.batch_norm.", "conv_pos_batch_norm"},
    {"encoder.pos_conv_embed.layers.", "model_type"},
    {"encoder.layers.#.conv_module.", "model_type"},
    {"adapter.", "add_adapter"},
    {"encoder.transformer.layers.#.adapter_layer.", "layer_type"},
}};

// What stands beside an encoder and is of pre-training, or of recognising speech.
constexpr std::array<std::string_view, 13> kPreTraining = {
    "mask_emb",         "masked_spec_embed", "quantizer.",   "input_quantizer.",
    "project_q.",       "project_hid.",      "project_inp.", "target_glu.",
    "final_proj.",      "label_embs_concat", "lm_head.",     "aux.",
    "w2v_encoder.proj."};

// How an encoder is called in a larger model, and what stands for that; the longest first.
struct Home {
  std::string_view from;
  std::string_view to;
};
constexpr std::array<Home, 9> kHomes = {{
    {"extractor.model.model.", "extractor."},
    {"extractor.model.", "extractor."},
    {"ssl_model.model.", "extractor."},
    {"m_ssl.model.", "extractor."},
    {"w2v_encoder.w2v_model.", ""},
    {"w2v_model.", ""},
    {"wav2vec2.", ""},
    {"hubert.", ""},
    {"wavlm.", ""},
}};

// How an encoder is recognised: by a tensor that each has.
struct Dialect {
  std::string_view name;
  std::string_view anchor;
  std::string_view layers;  // some tensor's name begins so
  std::span<const Rule> rules;
};
const std::array<Dialect, 3> kDialects = {{
    {"torchaudio", "encoder.feature_projection.projection.weight", "encoder.transformer.layers.",
     kTorchaudio},
    {"Hugging Face", "feature_projection.projection.weight", "encoder.layers.", {}},
    {"fairseq", "feature_extractor.conv_layers.0.0.weight", "encoder.layers.", kFairseq},
}};

// How much of a name a pattern fits, and its number; nothing where it does not.
struct Match {
  size_t length = 0;
  std::string_view number;
};

std::optional<Match> match(std::string_view pattern, std::string_view name) {
  const size_t gap = pattern.find('#');
  if (!name.starts_with(pattern.substr(0, gap))) return std::nullopt;
  if (gap == std::string_view::npos) return Match{pattern.size(), {}};
  size_t end = gap;
  while (end < name.size() && std::isdigit(static_cast<unsigned char>(name[end])) != 0) ++end;
  const std::string_view tail = pattern.substr(gap + 1);
  if (end == gap || !name.substr(end).starts_with(tail)) return std::nullopt;
  return Match{end + tail.size(), name.substr(gap, end - gap)};
}

std::string renamed(std::string_view name, std::span<const Rule> rules) {
  for (const Rule& rule : rules) {
    const auto fits = match(rule.from, name);
    if (!fits) continue;
    std::string to(rule.to);
    if (const size_t gap = to.find('#'); gap != to.npos) to.replace(gap, 1, fits->number);
    return to + std::string(name.substr(fits->length));
  }
  return std::string(name);
}

bool ends_at_a_dot(std::string_view prefix) { return prefix.empty() || prefix.back() == '.'; }

class Speller {
 public:
  explicit Speller(StoredWeights& stored) : stored_(stored) {
    for (const StoredTensor& tensor : stored.tensors) names_.insert(tensor.name);
  }

  std::vector<NamedEncoder> spell() {
    std::vector<NamedEncoder> encoders;
    for (const auto& [prefix, dialect] : places()) encoders.push_back(spell_at(prefix, *dialect));
    return encoders;
  }

 private:
  struct Place {
    std::string prefix;
    const Dialect* dialect;
  };

  std::vector<Place> places() const {
    std::vector<Place> places;
    for (const std::string& name : names_) {
      for (const Dialect& dialect : kDialects) {
        if (!name.ends_with(dialect.anchor)) continue;
        const std::string prefix = name.substr(0, name.size() - dialect.anchor.size());
        if (ends_at_a_dot(prefix) && has_any(prefix + std::string(dialect.layers))) {
          places.push_back({prefix, &dialect});
          break;
        }
      }
      if (places.size() == kMostEncoders) break;
    }
    return places;
  }

  bool has_any(const std::string& beginning) const {
    const auto first = names_.lower_bound(beginning);
    return first != names_.end() && first->starts_with(beginning);
  }

  NamedEncoder spell_at(const std::string& prefix, const Dialect& dialect) {
    NamedEncoder encoder{prefix, std::string(dialect.name), {}, 0};
    const auto home = std::find_if(kHomes.begin(), kHomes.end(), [&](const Home& one) {
      return prefix.ends_with(one.from) &&
             ends_at_a_dot(std::string_view(prefix).substr(0, prefix.size() - one.from.size()));
    });
    std::string base = prefix;  // where its heads stand
    if (home != kHomes.end()) {
      const std::string before = prefix.substr(0, prefix.size() - home->from.size());
      encoder.prefix = before + std::string(home->to);
      if (home->to.empty()) base = before;
    }
    encoder.left_out = leave_out(prefix) + (base == prefix ? 0 : leave_out(base));
    rename(prefix, dialect, encoder);
    split_projections(encoder.prefix);
    return encoder;
  }

  size_t leave_out(const std::string& prefix) {
    return std::erase_if(stored_.tensors, [&](const StoredTensor& tensor) {
      if (!tensor.name.starts_with(prefix)) return false;
      const std::string_view rest = std::string_view(tensor.name).substr(prefix.size());
      const bool left = std::any_of(kPreTraining.begin(), kPreTraining.end(), [&](auto start) {
        return start.ends_with('.') ? rest.starts_with(start) : rest == start;
      });
      if (left) names_.erase(tensor.name);
      return left;
    });
  }

  void rename(const std::string& prefix, const Dialect& dialect, NamedEncoder& encoder) {
    for (StoredTensor& tensor : stored_.tensors) {
      if (!tensor.name.starts_with(prefix)) continue;
      const std::string_view rest = std::string_view(tensor.name).substr(prefix.size());
      note_variant(rest, encoder);
      std::string name = encoder.prefix + renamed(renamed(rest, dialect.rules), kWeightNorm);
      if (name == tensor.name || !names_.insert(name).second) continue;
      names_.erase(tensor.name);
      tensor.name = std::move(name);
      tensor.set = std::min(tensor.set, encoder.prefix.size());
    }
  }

  static void note_variant(std::string_view rest, NamedEncoder& encoder) {
    if (!encoder.variant.empty()) return;
    const auto found = std::find_if(kVariants.begin(), kVariants.end(),
                                    [&](const Rule& rule) { return match(rule.from, rest); });
    if (found == kVariants.end()) return;
    encoder.variant = fmt::format("{} (its tensor {})", found->to, printable(rest, 80));
  }

  // torchaudio's WavLM has query, key and value in one tensor, one above the other.
  void split_projections(const std::string& prefix) {
    std::vector<StoredTensor> tensors;
    for (StoredTensor& tensor : stored_.tensors) {
      const auto names = split_names(tensor, prefix + "encoder.layers.");
      for (size_t i = 0; i < names.size(); ++i) tensors.push_back(third(tensor, names[i], i));
      if (names.empty()) tensors.push_back(std::move(tensor));
    }
    stored_.tensors = std::move(tensors);
  }

  // The names of the three parts; none where the tensor is no such one.
  std::vector<std::string> split_names(const StoredTensor& joined, const std::string& layers) {
    constexpr std::string_view kPacked = ".attention.in_proj_";
    const size_t at = joined.name.rfind(kPacked);
    const auto& shape = joined.tensor.shape;
    if (at == std::string::npos || !joined.name.starts_with(layers)) return {};
    if (!joined.trouble.empty() || shape.empty() || shape[0] % 3 != 0) return {};
    std::vector<std::string> names;
    for (const char part : {'q', 'k', 'v'}) {
      names.push_back(fmt::format("{}.attention.{}_proj.{}", joined.name.substr(0, at), part,
                                  joined.name.substr(at + kPacked.size())));
    }
    for (const std::string& name : names) {
      if (names_.contains(name)) return {};
    }
    names_.insert(names.begin(), names.end());
    return names;
  }

  static StoredTensor third(const StoredTensor& joined, const std::string& name, size_t number) {
    StoredTensor part = joined;
    part.name = name;
    part.tensor.shape[0] /= 3;
    const size_t size = joined.tensor.bytes.size() / 3;
    part.tensor.bytes = joined.tensor.bytes.subspan(number * size, size);
    return part;
  }

  StoredWeights& stored_;
  std::set<std::string> names_;
};

}  // namespace

std::vector<NamedEncoder> spell_encoders(StoredWeights& stored) { return Speller(stored).spell(); }

}  // namespace bonafide
