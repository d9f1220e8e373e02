#include <gtest/gtest.h>

#include "base/error.h"
#include "models/network.h"
#include "recipe/recipe.h"

namespace bonafide {
namespace {

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

}  // namespace
}  // namespace bonafide
