// The sizes that the references' state dicts have.

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/recipe.h"
#include "models/network.h"

namespace bonafide {
namespace {

struct Size {
  std::string recipe;
  int64_t parameters;
  size_t tensors;
};

class PublishedSizes : public testing::TestWithParam<Size> {};

TEST_P(PublishedSizes, AreTheNetworks) {
  const Size& want = GetParam();
  const auto network = make_network(Recipe::load(want.recipe, {}).at("model"));

  int64_t parameters = 0;
  for (const auto& p : network->parameters()) parameters += p.numel();
  EXPECT_EQ(parameters, want.parameters);
  EXPECT_EQ(network->parameters().size() + network->buffers().size(), want.tensors);
}

INSTANTIATE_TEST_SUITE_P(Networks, PublishedSizes,
                         testing::Values(Size{"aasist", 297866, 229}, Size{"aasist-l", 85306, 229},
                                         Size{"lcnn", 10198816, 56}, Size{"rawnet2", 17621410, 119},
                                         Size{"rawgat-st", 437034, 221},
                                         Size{"s2pecnet", 1284021, 582}));

TEST(LightCnn, RefusesSpectrogramsOfAnotherSize) {
  const auto network = make_network({{"architecture", "LightCNN"}, {"input_shape", {1, 32, 32}}});

  EXPECT_THROW(network->forward({{}, torch::zeros({2, 32, 33})}), Error);
  EXPECT_THROW(network->forward(torch::zeros({2, 1000})), Error);
}

TEST(LightCnn, HasAPlainOutputByOption) {
  const auto network = make_network(
      {{"architecture", "LightCNN"}, {"input_shape", {1, 32, 32}}, {"output", "linear"}});

  EXPECT_TRUE(network->named_parameters().contains("fc2.bias"));
}

TEST(LightCnn, GivesCosines) {
  const torch::NoGradGuard no_grad;
  const auto network = make_network({{"architecture", "LightCNN"}, {"input_shape", {1, 32, 32}}});
  network->eval();

  const auto logits = network->forward({{}, 100 * torch::randn({3, 32, 32})}).logits;

  EXPECT_LE(logits.abs().max().item<double>(), 1.00001);
}

TEST(RawNet2, GivesLogarithmsOfProbabilities) {
  const torch::NoGradGuard no_grad;
  const auto network = make_network({{"architecture", "RawNet2Spoof"},
                                     {"first_conv", 16},
                                     {"filts", {4, {4, 4}, {4, 8}}},
                                     {"gru_node", 8},
                                     {"nb_fc_node", 8}});
  network->eval();

  const auto logits = network->forward(torch::randn({2, 5000})).logits;

  EXPECT_TRUE(torch::allclose(logits.exp().sum(1), torch::ones({2})));
}

TEST(RawNet2, RefusesAWaveformThatItsPoolingsSwallow) {
  const auto network = make_network(Recipe::load("rawnet2", {}).at("model"));

  EXPECT_THROW(network->forward(torch::zeros({1, 3000})), Error);
}

TEST(RawGatSt, RefusesWaveformsThatGiveAnotherNumberOfFrames) {
  const auto network = make_network(
      {{"architecture", "RawNetGatSpoofST"}, {"filts", {70, {1, 2}, {2, 2}, {2, 2}, {2, 2}}}});

  EXPECT_THROW(network->forward(torch::zeros({1, 16000})), Error);
}

TEST(S2pecNet, RefusesBatchesWithoutCoefficients) {
  const auto network = make_network(Recipe::load("s2pecnet", {}).at("model"));

  EXPECT_THROW(network->forward(torch::zeros({1, 64600})), Error);
}

TEST(S2pecNet, MakesItsInputAgainOnlyInTraining) {
  const torch::NoGradGuard no_grad;
  const auto network = make_network(Recipe::load("s2pecnet", {}).at("model"));
  const NetworkInput input(0.1 * torch::randn({2, 64600}), torch::randn({2, 60, 750}));

  network->eval();
  EXPECT_FALSE(network->forward(input).reconstruction.wave.defined());
  network->train();
  const auto again = network->forward(input).reconstruction;
  EXPECT_EQ(again.wave.sizes(), (std::vector<int64_t>{2, 64600}));
  EXPECT_EQ(again.features.sizes(), (std::vector<int64_t>{2, 1, 60, 750}));
}

}  // namespace
}  // namespace bonafide
