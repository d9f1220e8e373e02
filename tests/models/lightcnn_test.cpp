#include <gtest/gtest.h>

#include "base/error.h"
#include "base/json_value.h"
#include "models/network.h"

namespace bonafide {
namespace {

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

}  // namespace
}  // namespace bonafide
