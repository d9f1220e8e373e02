#include "checkpoint/ssl_source.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/json_value.h"
#include "base/text.h"
#include "checkpoint/ssl_config.h"
#include "checkpoint/ssl_names.h"
#include "checkpoint/weight_folder.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;

// Throws what `read` throws with the file's name in front.
template <typename Read>
auto named(const std::string& name, const Read& read) {
  try {
    return read();
  } catch (const Error& e) {
    throw Error(fmt::format("{}: {}", printable(name), e.what()));
  }
}

// What lies beside the weights; nothing where no config.json does.
EncoderConfig config_beside(const fs::path& folder) {
  const Json config = read_folder_json(folder, "config.json");
  if (config.is_null()) return {};
  const Json preprocessor = read_folder_json(folder, "preprocessor_config.json");
  return named((folder / "config.json").native(),
               [&] { return huggingface_config(config, preprocessor); });
}

// What an encoder that was converted says of itself.
EncoderConfig config_of_metadata(const StoredWeights& stored) {
  const auto text = stored.metadata.find(kEncoderKey);
  if (text == stored.metadata.end()) return {};
  EncoderConfig told;
  told.form = "bonafide";
  told.values = parse_json(text->second);
  if (!told.values.is_object()) throw Error("its metadata \"encoder\" is not an object of keys");
  if (const auto why = unsupported_encoder(told.values); !why.empty()) throw Error(why);
  return told;
}

EncoderConfig config_of(const StoredWeights& stored, const NamedEncoder& found,
                        const std::string& name, const fs::path& folder) {
  if (const EncoderConfig own = named(name, [&] { return config_of_metadata(stored); });
      !own.form.empty()) {
    return own;
  }
  if (found.dialect == "fairseq") return named(name, [&] { return fairseq_config(stored.said); });
  const bool describes_itself = stored.metadata.contains("bonafide");
  if (found.dialect == "Hugging Face" && !describes_itself) return config_beside(folder);
  return {};
}

// What the tensors tell goes in; what both tell must be the same.
void join(Json& config, const Json& told) {
  for (const auto& [key, value] : told.items()) {
    const auto given = config.find(key);
    const bool same_network = key == "model_type" && given != config.end() && *given == "hubert";
    if (given != config.end() && *given != value && !same_network) {
      throw Error(fmt::format("{}: its configuration says {}, its tensors {}", key,
                              printable(given->dump(), 80), value.dump()));
    }
    config[key] = value;
  }
}

std::vector<std::string> untold_keys(const Json& config) {
  std::vector<std::string> untold;
  for (const char* key : {"num_attention_heads", "do_stable_layer_norm", "conv_stride",
                          "hidden_act", "do_normalize", "max_bucket_distance"}) {
    const bool only_wavlm = std::string_view(key) == "max_bucket_distance";
    if (only_wavlm && config.value("model_type", Json()) != "wavlm") continue;
    if (!config.contains(key)) untold.emplace_back(key);
  }
  return untold;
}

// What the published encoders of such tensors have (base, large, x-large and 2B; all are one
// family); null where there is none alike.
Json guess(const std::string& key, const Json& config) {
  const Json width = config.value("hidden_size", Json());
  const bool layer_norm = config.value("feat_extract_norm", Json()) == "layer";
  if (key == "conv_stride") {
    const bool usual = config.value("conv_kernel", Json()) == Json({10, 3, 3, 3, 3, 2, 2});
    return usual ? Json({5, 2, 2, 2, 2, 2, 2}) : Json();
  }
  if (key == "hidden_act") return "gelu";
  if (key == "max_bucket_distance") return 800;
  if (key != "num_attention_heads") return layer_norm;
  if (width == 768) return 12;
  return width == 1024 || width == 1280 || width == 1920 ? Json(16) : Json();
}

constexpr std::string_view kOfEncoder = "encoder.";

// What is no number, flag or list is a text.
Json value_of(std::string_view text) {
  try {
    return parse_json(text);
  } catch (const Error&) {
    return std::string(text);
  }
}

void take_word(StoredEncoder& encoder, const std::string& word, const std::string& name) {
  const size_t equals = word.find('=');
  if (equals == word.npos) {
    throw UsageError(fmt::format("{}: expected encoder.key=value", printable(word)));
  }
  const std::string key = word.substr(kOfEncoder.size(), equals - kOfEncoder.size());
  const Json value = value_of(std::string_view(word).substr(equals + 1));
  const auto open = std::find(encoder.untold.begin(), encoder.untold.end(), key);
  const Json known = encoder.config.value(key, Json());
  if (open == encoder.untold.end() && known != value) {
    throw UsageError(fmt::format(
        "{}: {}: {}", printable(word), printable(name),
        known.is_null() ? fmt::format("leaves open only: {}",
                                      encoder.untold.empty()
                                          ? "nothing"
                                          : fmt::format("{}", fmt::join(encoder.untold, ", ")))
                        : fmt::format("says {} itself", printable(known.dump(), 80))));
  }
  encoder.config[key] = value;
  if (open != encoder.untold.end()) encoder.untold.erase(open);
}

}  // namespace

void know_encoder(StoredWeights& stored, const std::string& name, const fs::path& folder) {
  const std::vector<NamedEncoder> found = spell_encoders(stored);
  if (found.empty()) return;
  const NamedEncoder& first = found.front();
  if (!first.variant.empty()) {
    throw Error(fmt::format("{}: a speech encoder that is not supported: {}", printable(name),
                            first.variant));
  }
  EncoderConfig config = config_of(stored, first, name, folder);
  StoredEncoder encoder{first.prefix,
                        config.form.empty() ? first.dialect : config.form,
                        std::move(config.values),
                        {},
                        false,
                        first.left_out};
  named(name, [&] {
    join(encoder.config, config_of_tensors(stored, first.prefix));
    return 0;
  });
  encoder.untold = untold_keys(encoder.config);
  encoder.unreadable = first.dialect == "fairseq" &&
                       (config.form.empty() ? !stored.said.empty() : !config.untold.empty());
  stored.encoder = std::move(encoder);
}

void tell_encoder(StoredWeights& stored, const std::vector<std::string>& words,
                  const std::string& name) {
  StoredEncoder& encoder = *stored.encoder;
  for (const std::string& word : words) {
    if (word.starts_with(kOfEncoder)) take_word(encoder, word, name);
  }
  if (const auto why = unsupported_encoder(encoder.config); !why.empty()) {
    throw UsageError(fmt::format("encoder.{}", why));
  }
  if (encoder.unreadable && !encoder.untold.empty()) {
    throw UsageError(fmt::format(
        "{}: its configuration cannot be read and its tensors do not tell {}; give them (a "
        "published encoder of this shape has {})",
        printable(name), fmt::join(encoder.untold, ", "), ask_for_untold(encoder)));
  }
  stored.metadata[kEncoderKey] = encoder.config.dump();
}

std::string describe(const StoredEncoder& encoder) {
  const Json type = encoder.config.value("model_type", Json("wav2vec2"));
  const Json normalize = encoder.config.value("do_normalize", Json());
  std::string text = fmt::format(
      "{}'s {}", encoder.form, type.is_string() ? printable(type.get<std::string>()) : "wav2vec2");
  if (normalize.is_boolean()) {
    text += normalize.get<bool>() ? ", of normalised waveforms" : ", of waveforms as they are";
  }
  return text;
}

std::string ask_for_untold(const StoredEncoder& encoder) {
  std::vector<std::string> words;
  for (const std::string& key : encoder.untold) {
    const Json value = guess(key, encoder.config);
    const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    words.push_back(fmt::format("encoder.{}={}", key, value.is_null() ? "?" : text));
  }
  return fmt::format("{}", fmt::join(words, " "));
}

}  // namespace bonafide
