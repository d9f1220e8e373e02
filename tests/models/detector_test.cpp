#include "models/detector.h"

#include <gtest/gtest.h>

#include <set>

#include "base/error.h"
#include "base/json_value.h"

namespace bonafide {
namespace {

Json tiny(const Json& head) {
  return {{"encoder",
           {{"conv_dim", {8, 8}},
            {"conv_kernel", {10, 3}},
            {"conv_stride", {5, 2}},
            {"feat_extract_norm", "layer"},
            {"hidden_size", 16},
            {"num_hidden_layers", 2},
            {"num_attention_heads", 2},
            {"intermediate_size", 16},
            {"num_conv_pos_embeddings", 4},
            {"num_conv_pos_embedding_groups", 2},
            {"do_stable_layer_norm", true}}},
          {"head", head},
          {"waveform_normalization", "none"}};
}

std::set<std::string> names_of(const torch::nn::Module& module) {
  std::set<std::string> names;
  for (const auto& item : module.named_parameters()) {
    if (!item.key().starts_with("extractor.")) names.insert(item.key());
  }
  return names;
}

torch::Tensor logits_of(Network& network, const torch::Tensor& waves) {
  const torch::NoGradGuard no_grad;
  network.eval();
  return network.forward(NetworkInput(waves)).logits;
}

TEST(Detector, HasTheNamesOfAntiDeepfake) {
  const auto network = make_detector_network(tiny({{"name", "linear"}}));

  EXPECT_EQ(names_of(*network), (std::set<std::string>{"proj_fc.bias", "proj_fc.weight"}));
  EXPECT_TRUE(
      network->named_parameters().contains("extractor.encoder.layers.0.attention.q_proj.weight"));
}

TEST(Detector, IsTheMeanOfTheLastNormedStateBehindALinearLayer) {
  const auto network = make_detector_network(tiny({{"name", "linear"}}));
  const torch::NoGradGuard no_grad;
  network->eval();
  const auto output = network->forward(NetworkInput(torch::randn({2, 400})));

  const auto parameters = network->named_parameters();
  EXPECT_TRUE(output.logits.allclose(
      torch::linear(output.embedding, parameters["proj_fc.weight"], parameters["proj_fc.bias"])));
  // The final norm has the weights 1 and 0 as it begins, so each frame has the mean 0.
  EXPECT_LT(output.embedding.mean().abs().item<double>(), 1e-6);
}

TEST(Detector, HearsAnOffsetUnlessWaveformsAreNormalised) {
  Json model = tiny({{"name", "xlsr-aasist"}, {"projection_dim", 12}});
  torch::manual_seed(3);
  const auto plain = make_detector_network(model);
  model["waveform_normalization"] = "utterance";
  const auto normalised = make_detector_network(model);
  const auto waves = torch::randn({1, 800}) + 0.5;

  EXPECT_FALSE(logits_of(*plain, waves).allclose(logits_of(*plain, waves - 0.5), 1e-3));
  EXPECT_TRUE(logits_of(*normalised, waves).allclose(logits_of(*normalised, waves - 0.5), 1e-3));
}

TEST(Detector, TellsHowManyFramesSlsTakes) {
  const auto network =
      make_detector_network(tiny({{"name", "sls"}, {"frames", 39}, {"hidden_dim", 5}}));

  EXPECT_EQ(logits_of(*network, torch::randn({3, 400})).sizes(), (std::vector<int64_t>{3, 2}));
  EXPECT_THROW(logits_of(*network, torch::randn({3, 500})), Error);
}

TEST(Detector, HasTheNamesOfSpectraAasistAndPositionsForSoManyFrames) {
  const auto network = make_detector_network(
      tiny({{"name", "spectra-aasist"}, {"projection_dim", 12}, {"maximum_frames", 50}}));
  const auto names = names_of(*network);

  for (const char* name :
       {"bridge.mlp.0.weight", "bridge.mlp.3.bias", "aasist.pos_T", "aasist.enc.enc.1.0.bn1.weight",
        "aasist.enc.first_bn1.weight", "aasist.branch4.HtrgGAT_layer_ST2.att_weightM",
        "aasist.branch1.master", "aasist.branch2.pool_hS.proj.weight", "aasist.out_layer.bias"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
  EXPECT_EQ(logits_of(*network, torch::randn({2, 400})).sizes(), (std::vector<int64_t>{2, 2}));
  EXPECT_THROW(logits_of(*network, torch::randn({1, 800})), Error);
}

TEST(Detector, LetsAFrozenEncoderWithoutGradients) {
  const auto network = make_detector_network(tiny({{"name", "linear"}}));
  for (auto& item : network->named_parameters()) {
    if (item.key().starts_with("extractor.")) item.value().requires_grad_(false);
  }
  network->forward(NetworkInput(torch::randn({1, 400}))).logits.sum().backward();

  EXPECT_TRUE(network->named_parameters()["proj_fc.weight"].grad().defined());
}

TEST(Detector, RefusesOtherHeadsAndOptions) {
  for (const Json& head :
       {Json{{"name", "conformer"}}, Json{{"name", "linear"}, {"frames", 3}}, Json("linear"),
        Json{{"name", "sls"}, {"frames", 0}},
        Json{{"name", "xlsr-aasist"}, {"residual_channels", {{1, 8}, {16, 8}}}}}) {
    EXPECT_THROW(make_detector_network(tiny(head)), UsageError) << head;
  }
}

}  // namespace
}  // namespace bonafide
