#include "models/ssl_encoder.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "base/error.h"
#include "base/json_value.h"
#include "error_text.h"

namespace bonafide {
namespace {

using testing::HasSubstr;

Json tiny(const Json& changes = Json::object()) {
  Json config = {{"model_type", "wav2vec2"},
                 {"conv_dim", {6, 6}},
                 {"conv_kernel", {10, 3}},
                 {"conv_stride", {5, 2}},
                 {"hidden_size", 8},
                 {"num_hidden_layers", 2},
                 {"num_attention_heads", 2},
                 {"intermediate_size", 16},
                 {"num_conv_pos_embeddings", 4},
                 {"num_conv_pos_embedding_groups", 2},
                 {"feat_extract_norm", "layer"}};
  config.update(changes);
  return config;
}

SslEncoder encoder_of(const Json& changes = Json::object()) {
  torch::manual_seed(1);
  SslEncoder encoder(SslEncoderOptions::from_json(tiny(changes)));
  encoder->eval();
  return encoder;
}

std::string refusal_of(const Json& changes) {
  try {
    SslEncoderOptions::from_json(tiny(changes));
  } catch (const UsageError& e) {
    return e.what();
  }
  return "nothing was refused";
}

TEST(SslEncoder, CountsTheFramesOfThePublishedConvolutions) {
  const SslEncoderOptions published;

  EXPECT_EQ(published.frames(64000), 199);
  EXPECT_EQ(published.frames(64600), 201);
  EXPECT_EQ(published.frames(16000), 49);
  EXPECT_EQ(published.receptive_field(), 400);
  EXPECT_EQ(published.frames(400), 1);
  EXPECT_EQ(published.frames(399), 0);
}

TEST(SslEncoder, HasTheParametersOfThePublishedBaseModels) {
  const auto count = [](const char* type) {
    SslEncoderOptions options;
    options.model_type = type;
    int64_t all = 0;
    for (const auto& parameter : SslEncoder(options)->parameters()) all += parameter.numel();
    EXPECT_EQ(options.parameters(), all);
    return all;
  };

  EXPECT_NEAR(static_cast<double>(count("hubert")), 94.37e6, 5e3);
  EXPECT_NEAR(static_cast<double>(count("wavlm")), 94.38e6, 5e3);
}

TEST(SslEncoder, NamesItsTensorsAsHuggingFaceDoes) {
  const auto names = encoder_of({{"model_type", "wavlm"}, {"conv_bias", true}})->named_parameters();

  for (const char* name :
       {"feature_extractor.conv_layers.1.conv.bias",
        "feature_extractor.conv_layers.1.layer_norm.bias", "feature_projection.layer_norm.weight",
        "feature_projection.projection.weight", "encoder.pos_conv_embed.conv.weight_g",
        "encoder.pos_conv_embed.conv.weight_v", "encoder.pos_conv_embed.conv.bias",
        "encoder.layer_norm.weight", "encoder.layers.1.attention.out_proj.bias",
        "encoder.layers.1.attention.gru_rel_pos_linear.bias",
        "encoder.layers.1.attention.gru_rel_pos_const",
        "encoder.layers.0.attention.rel_attn_embed.weight", "encoder.layers.0.layer_norm.weight",
        "encoder.layers.0.feed_forward.intermediate_dense.weight",
        "encoder.layers.0.feed_forward.output_dense.weight",
        "encoder.layers.0.final_layer_norm.weight"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
  EXPECT_FALSE(names.contains("encoder.layers.1.attention.rel_attn_embed.weight"));
}

TEST(SslEncoder, KeepsTheFramesWhateverThePositionalKernel) {
  const torch::NoGradGuard no_grad;
  for (const int kernel : {4, 5}) {
    const auto states =
        encoder_of({{"num_conv_pos_embeddings", kernel}})->forward(torch::randn({2, 95}));

    EXPECT_EQ(states.positional.sizes(), states.projected.sizes());
    EXPECT_EQ(states.layers.size(), 2U);
    EXPECT_EQ(states.last.sizes(), (torch::IntArrayRef{2, 8, 8}));
  }
}

// Frame t of an even kernel has seen t - K/2 to t + K/2 - 1, of an odd one t - (K-1)/2 to t +
// (K-1)/2.
TEST(SslEncoder, APositionalFrameSeesAsFarAsItsKernel) {
  const torch::NoGradGuard no_grad;
  const std::map<int, std::pair<int64_t, int64_t>> reach = {{4, {2, 1}}, {5, {2, 2}}};
  for (const auto& [kernel, sides] : reach) {
    auto encoder = encoder_of(
        {{"num_conv_pos_embeddings", kernel}, {"conv_kernel", {1, 1}}, {"conv_stride", {1, 1}}});
    const auto wave = torch::randn({1, 12});
    auto other = wave.clone();
    other[0][6] += 1.0;

    const auto moved = (encoder->forward(wave).positional - encoder->forward(other).positional)
                           .abs()
                           .amax(2)
                           .gt(1e-7)
                           .nonzero();

    EXPECT_EQ(moved[0][1].item<int64_t>(), 6 - sides.second) << kernel;
    EXPECT_EQ(moved[-1][1].item<int64_t>(), 6 + sides.first) << kernel;
  }
}

TEST(SslEncoder, PaddingBehindAKnownLengthChangesNothing) {
  const torch::NoGradGuard no_grad;
  for (const char* type : {"wav2vec2", "wavlm"}) {
    auto encoder = encoder_of({{"model_type", type}});
    const auto wave = torch::randn({1, 95});
    const auto padded = torch::cat({wave, torch::randn({1, 100})}, 1);

    const auto alone = encoder->forward(wave).last;
    const auto masked = encoder->forward(padded, torch::tensor({95}, torch::kInt64)).last;

    EXPECT_TRUE(torch::allclose(masked.slice(1, 0, alone.size(1)), alone, 1e-4, 1e-5)) << type;
  }
}

TEST(SslEncoder, OnlyNormsInFrontHaveAFinalNorm) {
  const torch::NoGradGuard no_grad;
  const auto wave = torch::randn({1, 95});
  const auto behind = encoder_of()->forward(wave);
  const auto in_front = encoder_of({{"do_stable_layer_norm", true}})->forward(wave);

  EXPECT_TRUE(torch::equal(behind.last, behind.layers.back()));
  EXPECT_FALSE(torch::allclose(in_front.last, in_front.layers.back()));
  EXPECT_TRUE(torch::allclose(in_front.last.mean(2), torch::zeros({1, 8}), 0, 1e-5));
}

TEST(SslEncoder, RefusesWaveformsWithoutAFrame) {
  auto encoder = encoder_of();

  EXPECT_THROW(encoder->forward(torch::zeros({1, 19})), Error);
  EXPECT_THROW(encoder->forward(torch::zeros({1, 95}), torch::tensor({19}, torch::kInt64)), Error);
  EXPECT_NO_THROW(encoder->forward(torch::zeros({1, 20})));
}

TEST(SslEncoder, RefusesByNameWhatItDoesNotSupport) {
  const std::map<std::string, Json> unsupported = {{"model_type", "data2vec-audio"},
                                                   {"hidden_act", "relu"},
                                                   {"feat_extract_activation", "relu"},
                                                   {"add_adapter", true},
                                                   {"adapter_attn_dim", 16},
                                                   {"feat_proj_layer_norm", false},
                                                   {"conv_pos_batch_norm", true},
                                                   {"feat_extract_norm", "batch"},
                                                   {"num_attention_heads", 3},
                                                   {"num_conv_pos_embedding_groups", 3},
                                                   {"num_buckets", 30},
                                                   {"hidden_size", 0},
                                                   {"conv_dim", Json::array()},
                                                   {"conv_stride", {5}},
                                                   {"num_feat_extract_layers", 7}};

  for (const auto& [key, value] : unsupported) {
    const std::string part = key == "num_feat_extract_layers" ? "convolutions" : key;
    EXPECT_NE(refusal_of({{key, value}}).find(part), std::string::npos)
        << key << ": " << refusal_of({{key, value}});
  }
}

TEST(SslEncoder, SaysHowManyBytesItNeedsWhereTheyAreNotLeft) {
  const Json vast = tiny({{"hidden_size", 16384},
                          {"num_attention_heads", 16},
                          {"num_hidden_layers", 512},
                          {"conv_bias", true},
                          {"feat_extract_norm", "layer"},
                          {"intermediate_size", 65536}});
  const SslEncoderOptions options = SslEncoderOptions::from_json(vast);

  EXPECT_THAT(error_text([&] { SslEncoder encoder(options); }),
              HasSubstr(fmt::format("needs {} bytes of memory", 4 * options.parameters())));
}

TEST(SslEncoder, PassesOverKeysOfPreTraining) {
  EXPECT_NO_THROW(SslEncoderOptions::from_json(tiny({{"mask_time_prob", 0.05},
                                                     {"architectures", {"Wav2Vec2ForPreTraining"}},
                                                     {"add_adapter", false},
                                                     {"adapter_attn_dim", nullptr},
                                                     {"hidden_act", "gelu"}})));
}

}  // namespace
}  // namespace bonafide
