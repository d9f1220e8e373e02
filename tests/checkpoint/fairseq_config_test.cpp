#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json_value.h"
#include "checkpoint/pickle_json.h"
#include "checkpoint/ssl_config.h"
#include "error_text.h"

namespace bonafide {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::string_literals;

const Json kModel = {{"extractor_mode", "layer_norm"}, {"encoder_layers", 24},
                     {"encoder_embed_dim", 1024},      {"encoder_attention_heads", 16},
                     {"layer_norm_first", true},       {"conv_feature_layers", "[(512,10,5)] * 2"}};

TEST(FairseqConfig, ReadsPreTraining) {
  const EncoderConfig config = fairseq_config(
      {{"args", nullptr}, {"cfg", {{"model", kModel}, {"task", {{"normalize", true}}}}}});

  EXPECT_EQ(config.form, "fairseq");
  EXPECT_EQ(config.values.at("model_type"), "wav2vec2");
  EXPECT_EQ(config.values.at("feat_extract_norm"), "layer");
  EXPECT_EQ(config.values.at("num_attention_heads"), 16);
  EXPECT_EQ(config.values.at("do_stable_layer_norm"), true);
  EXPECT_EQ(config.values.at("conv_stride"), Json({5, 5}));
  EXPECT_EQ(config.values.at("num_conv_pos_embeddings"), 128) << "the default of the class";
  EXPECT_EQ(config.values.at("do_normalize"), true);
  EXPECT_TRUE(config.untold.empty());
}

TEST(FairseqConfig, ReadsArgumentsWhereThereIsNothingElse) {
  Json arguments = kModel;
  arguments["normalize"] = true;

  const EncoderConfig config = fairseq_config({{"args", arguments}});

  EXPECT_EQ(config.values.at("num_hidden_layers"), 24);
  EXPECT_EQ(config.values.at("do_normalize"), true);
  EXPECT_EQ(fairseq_config({{"args", {{"arch", "wav2vec2"}}}}).form, "");
}

TEST(FairseqConfig, LooksIntoWhatWasFineTuned) {
  const Json inner = {{"model", kModel}, {"task", {{"normalize", true}}}};
  const auto outer = [&](bool normalize) -> Json {
    return {{"cfg", {{"model", {{"w2v_args", inner}, {"normalize", normalize}}}}}};
  };

  EXPECT_EQ(fairseq_config(outer(true)).values.at("hidden_size"), 1024);
  EXPECT_THAT(error_text([&] { fairseq_config(outer(false)); }),
              HasSubstr("normalize: is true of the encoder (w2v_args) and false"));
}

TEST(FairseqConfig, ReadsMicrosoftsFlatOne) {
  Json flat = kModel;
  flat["relative_position_embedding"] = flat["gru_rel_pos"] = true;
  flat["max_distance"] = 800;

  const EncoderConfig config = fairseq_config({{"cfg", flat}});

  EXPECT_EQ(config.form, "Microsoft");
  EXPECT_EQ(config.values.at("model_type"), "wavlm");
  EXPECT_EQ(config.values.at("num_buckets"), 320);
  EXPECT_EQ(config.values.at("max_bucket_distance"), 800);
  EXPECT_EQ(config.values.at("do_normalize"), false);
}

TEST(FairseqConfig, SaysWhichValuesItCouldNotRead) {
  Json model = kModel;
  model["encoder_attention_heads"] = model["conv_feature_layers"] = nullptr;

  const EncoderConfig config =
      fairseq_config({{"cfg", {{"model", model}, {"task", {{"normalize", nullptr}}}}}});

  EXPECT_THAT(config.untold, ElementsAre("num_attention_heads", "conv_stride", "do_normalize"));
}

TEST(FairseqConfig, RefusesByNameWhatIsNotSupported) {
  const auto refusal = [](const char* key, const Json& value) {
    Json model = kModel;
    model[key] = value;
    return error_text([&] { fairseq_config({{"cfg", {{"model", model}}}}); });
  };

  EXPECT_THAT(refusal("activation_fn", "relu"),
              HasSubstr("activation_fn: \"relu\" is not supported"));
  EXPECT_THAT(refusal("layer_type", "conformer"), HasSubstr("layer_type: \"conformer\""));
  EXPECT_THAT(refusal("pos_conv_depth", 5), HasSubstr("pos_conv_depth: 5"));
  EXPECT_THAT(refusal("conv_pos_batch_norm", true), HasSubstr("conv_pos_batch_norm: true"));
  EXPECT_THAT(refusal("extractor_mode", "batch"), HasSubstr("extractor_mode: \"batch\""));
  EXPECT_THAT(refusal("relative_position_embedding", true), HasSubstr("gru_rel_pos"));
  EXPECT_THAT(refusal("conv_feature_layers", "exit()"),
              HasSubstr("conv_feature_layers: \"exit()\""));
  EXPECT_THAT(refusal("encoder_layers", "24"), HasSubstr("\"24\" is not a whole number"));
}

Json plain(const std::string& pickle) {
  const Pickle object(std::as_bytes(std::span(pickle)), "x");
  return plain_json(object, object.root());
}

std::string text(const std::string& content) {
  return "U" + std::string(1, static_cast<char>(content.size())) + content;
}

// What protocol 2 writes of an object: its class, no arguments, its state.
std::string object(const std::string& kind, const std::string& state) {
  return "c" + kind + "\n)\x81" + state + "b";
}

TEST(PlainJson, ReadsNumbersTextsAndDictionaries) {
  EXPECT_EQ(plain("}(" + text("a") + "K\2" + text("b") + "]" + text("x") + "a" + text("c") + "Nu."),
            (Json{{"a", 2}, {"b", {"x"}}, {"c", nullptr}}));
}

TEST(PlainJson, ReadsTheAttributesOfNamespaces) {
  EXPECT_EQ(plain(object("argparse\nNamespace", "}" + text("lr") + "K\3s") + "."),
            (Json{{"lr", 3}}));
}

TEST(PlainJson, ReadsWhatOmegaconfKeeps) {
  const auto node = [](const std::string& value) {
    return object("omegaconf.nodes\nAnyNode", "}" + text("_val") + value + "s");
  };
  const std::string content = "}(" + text("a") + node("K\7") + text("b") + node(text("${a}")) + "u";

  EXPECT_EQ(
      plain(object("omegaconf.dictconfig\nDictConfig", "}" + text("_content") + content + "s") +
            "."),
      (Json{{"a", 7}, {"b", nullptr}}))
      << "a text that stands for another value is not told";
}

TEST(PlainJson, ReadsTheValueOfAnEnumerator) {
  EXPECT_EQ(plain("cfairseq.dataclass\nChoiceEnum\n" + text("layer_norm") + "\x85R."),
            "layer_norm");
}

TEST(PlainJson, TakesNothingOfObjectsThatItDoesNotKnow) {
  EXPECT_EQ(plain(object("os\nsystem", "}" + text("a") + "K\1s") + "."), nullptr);
}

TEST(PlainJson, EndsWhereValuesHoldThemselves) {
  const Json endless = plain("]q\0(h\0h\0h\0h\0h\0h\0h\0h\0e."s);

  EXPECT_TRUE(endless.is_array());
}

}  // namespace
}  // namespace bonafide
