#include <gtest/gtest.h>

#include "base/error.h"
#include "models/network.h"
#include "recipe/recipe.h"

namespace bonafide {
namespace {

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
