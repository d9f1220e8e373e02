#include "systems/reconstruction.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace bonafide {
namespace {

std::shared_ptr<Network> any_network() {
  return make_network({{"architecture", "LightCNN"}, {"input_shape", {1, 16, 16}}});
}

ReconstructionOptions options() {
  ReconstructionOptions result;
  result.classifier.class_weights = {1, 1};
  result.wave_weight = 0.5;
  result.feature_weight = 0.25;
  return result;
}

TEST(Reconstruction, AddsTheSquaredErrorsWithTheirWeights) {
  const Reconstruction system(any_network(), options());
  Outcome outcome = {torch::zeros({1, 2}), {}};
  outcome.reconstruction = {torch::ones({1, 4}), torch::full({1, 1, 2, 3}, 3.0)};
  const Batch batch = {{torch::zeros({1, 4}), torch::full({1, 2, 3}, 1.0)},
                       torch::tensor({1}, torch::kInt64)};

  // ln 2 + 0.5 * 1^2 + 0.25 * 2^2
  EXPECT_NEAR(system.loss(outcome, batch).total.item<double>(), 0.693147 + 0.5 + 1.0, 1e-5);
}

TEST(Reconstruction, RefusesANetworkThatMakesNothingAgain) {
  const Reconstruction system(any_network(), options());

  EXPECT_THROW(system.loss({torch::zeros({1, 2}), {}}, {{}, torch::tensor({1}, torch::kInt64)}),
               Error);
}

}  // namespace
}  // namespace bonafide
