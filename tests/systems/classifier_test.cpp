#include "systems/classifier.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/recipe.h"

namespace bonafide {
namespace {

std::shared_ptr<Network> small_network() {
  return make_network({{"architecture", "AASIST"},
                       {"filts", {70, {1, 4}, {4, 4}, {4, 4}, {4, 4}}},
                       {"gat_dims", {4, 4}}});
}

TEST(Classifier, WeighsTheClassesInItsLoss) {
  const Classifier system(small_network(), {1, {0.1, 0.9}, false});
  const Outcome outcome = {torch::tensor({{2.0f, 0.0f}, {0.0f, 0.0f}}), {}};

  const auto loss = system.loss(outcome, {{}, torch::tensor({0, 1}, torch::kInt64)});

  // (0.1 * ln(1 + e^-2) + 0.9 * ln 2) / (0.1 + 0.9)
  EXPECT_NEAR(loss.total.item<double>(), 0.1 * 0.126928 + 0.9 * 0.693147, 1e-5);
}

TEST(Classifier, ScoresByTheBonaFideLogit) {
  const Classifier system(small_network(), {});

  const auto scores = system.scores({torch::tensor({{2.0f, 5.0f}}), {}});

  EXPECT_EQ(scores.item<float>(), 5.0f);
}

TEST(Classifier, MasksAnotherBandInEachBatchWhenTold) {
  torch::manual_seed(1);
  const torch::NoGradGuard no_grad;
  Classifier system(small_network(), {1, {0.5, 0.5}, /*freq_aug=*/true});
  system.module().eval();
  Random random(7);
  const auto wave = torch::randn({1, 5000});
  torch::Tensor bands;
  system.network().watch([&](const std::string& name, const torch::Tensor& value) {
    if (name == "conv_time") bands = value;
  });
  std::vector<int64_t> silent;

  for (int i = 0; i < 20; ++i) {
    system.before_batch(random);
    system.run({wave, {}});
    silent.push_back((bands.abs().amax(2) == 0).sum().item<int64_t>());
  }

  EXPECT_GT(*std::max_element(silent.begin(), silent.end()), 5);
  EXPECT_LT(*std::max_element(silent.begin(), silent.end()), 20);
}

TEST(Systems, RefuseANameThatThereIsNot) {
  Json recipe = Recipe::load("aasist", {}).json();
  recipe["system"] = "oracle";

  EXPECT_THROW(make_system(recipe), UsageError);
}

}  // namespace
}  // namespace bonafide
