#include "checkpoint/ssl_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/json_value.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/safetensors.h"
#include "error_text.h"
#include "scratch.h"

namespace bonafide {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
namespace fs = std::filesystem;

using Shapes = std::vector<std::pair<std::string, std::vector<int64_t>>>;

Tensor counting(const std::vector<int64_t>& shape) {
  std::vector<float> values(static_cast<size_t>(*count_elements(shape)));
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i);
  return Tensor::from(std::span<const float>(values), shape);
}

TensorFile file_of(const Shapes& shapes, const std::string& prefix = "") {
  TensorFile file;
  for (const auto& [name, shape] : shapes)
    file.tensors.emplace_back(prefix + name, counting(shape));
  return file;
}

// One layer of width 4, without the projections that only make lists long.
const Shapes kHuggingFace = {
    {"feature_extractor.conv_layers.0.conv.weight", {3, 1, 10}},
    {"feature_extractor.conv_layers.0.layer_norm.weight", {3}},
    {"feature_extractor.conv_layers.1.conv.weight", {3, 3, 2}},
    {"feature_projection.projection.weight", {4, 3}},
    {"encoder.pos_conv_embed.conv.weight_g", {1, 1, 8}},
    {"encoder.pos_conv_embed.conv.weight_v", {4, 2, 8}},
    {"encoder.layer_norm.weight", {4}},
    {"encoder.layers.0.attention.q_proj.weight", {4, 4}},
    {"encoder.layers.0.layer_norm.weight", {4}},
    {"encoder.layers.0.feed_forward.intermediate_dense.bias", {6}},
};

const Shapes kFairseq = {
    {"feature_extractor.conv_layers.0.0.weight", {3, 1, 10}},
    {"feature_extractor.conv_layers.0.2.weight", {3}},
    {"feature_extractor.conv_layers.1.0.weight", {3, 3, 2}},
    {"post_extract_proj.weight", {4, 3}},
    {"encoder.pos_conv.0.weight_g", {1, 1, 8}},
    {"encoder.pos_conv.0.weight_v", {4, 2, 8}},
    {"encoder.layer_norm.weight", {4}},
    {"encoder.layers.0.self_attn.q_proj.weight", {4, 4}},
    {"encoder.layers.0.self_attn_layer_norm.weight", {4}},
    {"encoder.layers.0.fc1.bias", {6}},
};

std::vector<std::string> names(const StoredWeights& stored) {
  std::vector<std::string> names;
  for (const StoredTensor& tensor : stored.tensors) names.push_back(tensor.name);
  return names;
}

std::vector<std::string> names(const Shapes& shapes, const std::string& prefix = "") {
  std::vector<std::string> names;
  for (const auto& [name, shape] : shapes) names.push_back(prefix + name);
  return names;
}

class SslSource : public testing::Test {
 protected:
  void write(const std::string& name, const TensorFile& file) {
    write_safetensors(folder() / name, file);
  }

  void write_text(const std::string& name, const std::string& text) {
    std::ofstream(folder() / name) << text;
  }

  StoredWeights read(const std::string& name = "") { return read_stored_weights(folder() / name); }

  std::string refusal(const std::string& name = "") {
    return error_text([&] { read(name); });
  }

  const fs::path& folder() const { return scratch_.path(); }

 private:
  Scratch scratch_;
};

TEST_F(SslSource, SpellsFairseqsNamesAsHuggingFaces) {
  write("x.safetensors", file_of(kFairseq, "model."));

  const StoredWeights stored = read("x.safetensors");

  EXPECT_EQ(names(stored), names(kHuggingFace, "model."));
  EXPECT_EQ(stored.encoder.value().form, "fairseq");
}

TEST_F(SslSource, PutsTheEncoderOfADetectorBehindExtractor) {
  for (const char* home : {"module.ssl_model.model.", "module.m_ssl.model."}) {
    TensorFile file = file_of(kFairseq, home);
    file.tensors.emplace_back("module.proj.weight", counting({2, 4}));
    write("x.safetensors", file);

    std::vector<std::string> expected = names(kHuggingFace, "module.extractor.");
    expected.emplace_back("module.proj.weight");
    EXPECT_EQ(names(read("x.safetensors")), expected) << home;
  }
}

TEST_F(SslSource, LeavesOutWhatIsOfPreTraining) {
  TensorFile file = file_of(kHuggingFace, "wav2vec2.");
  for (const char* name :
       {"wav2vec2.masked_spec_embed", "quantizer.codevectors", "lm_head.weight"}) {
    file.tensors.emplace_back(name, counting({2}));
  }
  write("x.safetensors", file);

  const StoredWeights stored = read("x.safetensors");

  EXPECT_EQ(names(stored), names(kHuggingFace));
  EXPECT_EQ(stored.encoder.value().left_out, 3U);
}

TEST_F(SslSource, SplitsProjectionsThatStandInOneTensor) {
  TensorFile file = file_of({{"encoder.feature_projection.projection.weight", {4, 3}}});
  const std::string layer = "encoder.transformer.layers.0.attention.";
  file.tensors.emplace_back(layer + "attention.in_proj_bias", counting({6}));
  file.tensors.emplace_back(layer + "gru_rel_pos_const", counting({1, 2, 1, 1}));
  write("x.safetensors", file);

  const StoredWeights stored = read("x.safetensors");

  EXPECT_THAT(names(stored), ElementsAre("feature_projection.projection.weight",
                                         "encoder.layers.0.attention.q_proj.bias",
                                         "encoder.layers.0.attention.k_proj.bias",
                                         "encoder.layers.0.attention.v_proj.bias",
                                         "encoder.layers.0.attention.gru_rel_pos_const"));
  EXPECT_EQ(stored.tensors[2].tensor.to_doubles(), (std::vector<double>{2, 3}));
}

TEST_F(SslSource, KnowsBothSpellingsOfWeightNorm) {
  Shapes shapes = kHuggingFace;
  shapes[4].first = "encoder.pos_conv_embed.conv.parametrizations.weight.original0";
  shapes[5].first = "encoder.pos_conv_embed.conv.parametrizations.weight.original1";
  write("x.safetensors", file_of(shapes));

  EXPECT_EQ(names(read("x.safetensors")), names(kHuggingFace));
}

TEST_F(SslSource, LearnsFromTensorsWhatTheyTell) {
  write("x.safetensors", file_of(kFairseq));

  const StoredEncoder encoder = read("x.safetensors").encoder.value();

  const Json expected = {{"conv_bias", false},
                         {"feat_extract_norm", "group"},
                         {"conv_dim", {3, 3}},
                         {"conv_kernel", {10, 2}},
                         {"num_conv_pos_embeddings", 8},
                         {"num_conv_pos_embedding_groups", 2},
                         {"hidden_size", 4},
                         {"intermediate_size", 6},
                         {"num_hidden_layers", 1}};
  EXPECT_EQ(encoder.config, expected);
  EXPECT_THAT(encoder.untold, ElementsAre("num_attention_heads", "do_stable_layer_norm",
                                          "conv_stride", "hidden_act", "do_normalize"));
}

TEST_F(SslSource, ReadsTheConfigurationThatLiesInTheFolder) {
  write("model.safetensors", file_of(kHuggingFace));
  write_text("config.json",
             R"({"model_type": "hubert", "num_attention_heads": 2, "vocab_size": 9})");
  write_text("preprocessor_config.json", R"({"do_normalize": false})");

  for (const char* name : {"", "model.safetensors"}) {
    const StoredEncoder encoder = read(name).encoder.value();
    EXPECT_EQ(encoder.config.at("num_attention_heads"), 2);
    EXPECT_EQ(encoder.config.at("do_normalize"), false);
    EXPECT_EQ(encoder.config.at("do_stable_layer_norm"), false) << "the default of the class";
    EXPECT_FALSE(encoder.config.contains("vocab_size"));
    EXPECT_TRUE(encoder.untold.empty());
  }
}

TEST_F(SslSource, RefusesByNameWhatIsNotSupported) {
  write("model.safetensors", file_of(kHuggingFace));
  const auto refusal_of = [&](const std::string& config) {
    write_text("config.json", config);
    return refusal();
  };

  EXPECT_THAT(refusal_of(R"({"model_type": "wav2vec2", "hidden_act": "relu"})"),
              AllOf(HasSubstr("config.json: hidden_act: \"relu\" is not supported")));
  EXPECT_THAT(refusal_of(R"({"model_type": "wav2vec2", "add_adapter": true})"),
              HasSubstr("add_adapter: true is not supported"));
  EXPECT_THAT(refusal_of(R"({"model_type": "data2vec-audio"})"),
              HasSubstr("model_type: \"data2vec-audio\" is not supported"));
  EXPECT_THAT(refusal_of(R"({"model_type": "wav2vec2", "num_attention_heads": "two"})"),
              HasSubstr("num_attention_heads: \"two\" is not a whole number"));
  EXPECT_THAT(refusal_of("{"), HasSubstr("config.json: not JSON"));
}

TEST_F(SslSource, RefusesVariantsThatTheirTensorsShow) {
  Shapes shapes = kFairseq;
  shapes.push_back({"encoder.pos_conv.0.running_mean", {4}});
  write("x.safetensors", file_of(shapes));

  EXPECT_THAT(refusal("x.safetensors"), HasSubstr("not supported: conv_pos_batch_norm (its tensor "
                                                  "encoder.pos_conv.0.running_mean)"));
}

TEST_F(SslSource, RefusesAConfigurationThatContradictsTheTensors) {
  write("model.safetensors", file_of(kHuggingFace));
  write_text("config.json", R"({"model_type": "wav2vec2", "num_hidden_layers": 24})");

  EXPECT_THAT(refusal(), HasSubstr("num_hidden_layers: its configuration says 24, its tensors 1"));
}

// The tensors of an encoder in two files.
class Shards : public SslSource {
 protected:
  void SetUp() override {
    const Shapes first(kHuggingFace.begin(), kHuggingFace.begin() + 4);
    const Shapes second(kHuggingFace.begin() + 4, kHuggingFace.end());
    write(kFirst, file_of(first));
    write(kSecond, file_of(second));
    for (const auto& name : names(first)) map_[name] = kFirst;
    for (const auto& name : names(second)) map_[name] = kSecond;
  }

  void write_index() {
    write_text("model.safetensors.index.json",
               Json{{"metadata", {{"total_size", 1}}}, {"weight_map", map_}}.dump());
  }

  static constexpr const char* kFirst = "model-00001-of-00002.safetensors";
  static constexpr const char* kSecond = "model-00002-of-00002.safetensors";
  Json map_;
};

TEST_F(Shards, AreReadAsOne) {
  write_index();

  const StoredWeights stored = read();

  EXPECT_EQ(names(stored), names(kHuggingFace));
  EXPECT_EQ(stored.files.size(), 2U);
  EXPECT_EQ(stored.tensors.back().tensor.to_doubles().back(), 5);
}

TEST_F(Shards, OfPyTorchGoWithTheirOwnIndex) {
  write_text("pytorch_model.bin.index.json", Json{{"weight_map", map_}}.dump());

  EXPECT_EQ(names(read()), names(kHuggingFace));
}

TEST_F(Shards, RefuseATensorThatIsNotWhereTheIndexSays) {
  map_["encoder.layers.7.layer_norm.weight"] = kFirst;
  write_index();

  EXPECT_THAT(refusal(), AllOf(HasSubstr(kFirst), HasSubstr("lacks 1 of the tensors")));
}

TEST_F(Shards, RefuseFilesOutsideTheFolder) {
  for (const char* file : {"../x.safetensors", "/etc/passwd", "..", "", "a\\b"}) {
    map_["w"] = file;
    write_index();
    EXPECT_THAT(refusal(),
                AllOf(HasSubstr("index.json: tensor \"w\""), HasSubstr("no file's name")))
        << file;
  }
}

TEST_F(Shards, RefuseAnIndexThatIsNone) {
  for (const char* text :
       {"[]", "{}", "{\"weight_map\": {}}", "{\"weight_map\": {\"a\": 1}}", "{"}) {
    write_text("model.safetensors.index.json", text);
    EXPECT_THAT(refusal(), HasSubstr("index.json: ")) << text;
  }
}

TEST_F(Shards, NameTheFileThatIsMissing) {
  write_index();
  fs::remove(folder() / kSecond);

  EXPECT_THAT(refusal(), HasSubstr(kSecond));
}

StoredWeights opaque() {
  StoredWeights stored;
  for (const auto& [name, shape] : kFairseq)
    stored.tensors.push_back({name, 0, counting(shape), {}});
  stored.said = {{"cfg", nullptr}};
  know_encoder(stored, "x.pt", "");
  return stored;
}

TEST_F(SslSource, AsksKeyByKeyForWhatAConfigurationThatCannotBeReadWouldTell) {
  StoredWeights stored = opaque();

  EXPECT_THAT(error_text<UsageError>([&] { tell_encoder(stored, {}, "x.pt"); }),
              AllOf(HasSubstr("x.pt: its configuration cannot be read"),
                    HasSubstr("encoder.num_attention_heads=?"),
                    HasSubstr("encoder.do_stable_layer_norm=false"),
                    HasSubstr("encoder.do_normalize=false"), HasSubstr("encoder.conv_stride=?")));
}

TEST_F(SslSource, TakesWhatIsToldOfAnEncoder) {
  StoredWeights stored = opaque();

  tell_encoder(
      stored,
      {"encoder.num_attention_heads=2", "encoder.do_stable_layer_norm=true",
       "encoder.conv_stride=[5,2]", "encoder.hidden_act=gelu", "encoder.do_normalize=true"},
      "x.pt");

  EXPECT_TRUE(stored.encoder->untold.empty());
  const Json written = parse_json(stored.metadata.at(kEncoderKey));
  EXPECT_EQ(written.at("num_attention_heads"), 2);
  EXPECT_EQ(written.at("conv_stride"), Json({5, 2}));
}

TEST_F(SslSource, RefusesToBeToldOtherwise) {
  StoredWeights stored = opaque();
  const auto refusal_of = [&](const std::string& word) {
    return error_text<UsageError>([&] { tell_encoder(stored, {word}, "x.pt"); });
  };

  EXPECT_THAT(refusal_of("encoder.hidden_size=8"), HasSubstr("says 4 itself"));
  EXPECT_THAT(refusal_of("encoder.colour=red"), HasSubstr("leaves open only: num_attention_heads"));
  EXPECT_THAT(refusal_of("encoder.hidden_act=relu"),
              HasSubstr("encoder.hidden_act: \"relu\" is not"));
}

TEST_F(SslSource, AConvertedEncoderTellsItsConfigurationItself) {
  TensorFile file = file_of(kHuggingFace);
  file.metadata[kEncoderKey] = R"({"num_attention_heads": 2, "do_normalize": true})";
  write("x.safetensors", file);

  EXPECT_EQ(read("x.safetensors").encoder.value().config.at("do_normalize"), true);
}

TEST_F(SslSource, LeavesOtherNetworksAlone) {
  const Shapes shapes = {{"encoder.layers.0.self_attn.q_proj.weight", {4, 4}},
                         {"layer_norm.weight", {4}}};
  write("x.safetensors", file_of(shapes));

  const StoredWeights stored = read("x.safetensors");

  EXPECT_EQ(names(stored), names(shapes));
  EXPECT_FALSE(stored.encoder.has_value());
}

}  // namespace
}  // namespace bonafide
