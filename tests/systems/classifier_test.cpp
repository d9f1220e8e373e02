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

// Filters of the bank that answered with nothing at all in each run.
class MaskedBands : public testing::Test {
 protected:
  MaskedBands() {
    torch::manual_seed(1);
    system_.network().watch([this](const std::string& name, const torch::Tensor& value) {
      if (name == "conv_time") bands_ = value.detach();
    });
  }

  int64_t silent() {
    system_.run({torch::randn({2, 5000}), {}});
    return (bands_.abs().amax({0, 2}) == 0).sum().item<int64_t>();
  }

  Classifier system_{small_network(), {1, {0.5, 0.5}, /*freq_aug=*/true}};
  torch::Tensor bands_;
  Random random_{7};
};

TEST_F(MaskedBands, AreOthersInEachBatchThatItLearnsFrom) {
  std::vector<int64_t> counts;
  for (int i = 0; i < 20; ++i) {
    system_.before_batch(random_);
    counts.push_back(silent());
  }

  EXPECT_GT(*std::max_element(counts.begin(), counts.end()), 5);
  EXPECT_LT(*std::max_element(counts.begin(), counts.end()), 20);
}

TEST_F(MaskedBands, AreNoneWhereItDoesNotLearn) {
  do system_.before_batch(random_);
  while (silent() == 0);

  {
    const torch::NoGradGuard counting_of_a_batch_norm;
    EXPECT_EQ(silent(), 0);
  }
  EXPECT_GT(silent(), 0);
  system_.module().eval();
  EXPECT_EQ(silent(), 0);
}

TEST(Classifier, RefusesAnAngularMarginOnLogitsThatAreNoCosines) {
  ClassifierOptions options;
  options.margin = 4;
  EXPECT_THROW(Classifier(small_network(), options), UsageError);

  options = {};
  options.terms = Json::parse(R"([{"name": "additive_angular"}])");
  EXPECT_THROW(Classifier(small_network(), options), UsageError);
}

TEST(Classifier, RefusesANetworkWithOtherThanTwoLogits) {
  Classifier system(
      make_network(
          {{"architecture", "LightCNN"}, {"input_shape", {1, 32, 32}}, {"num_classes", 3}}),
      {});
  system.module().eval();

  EXPECT_THROW(system.run({{{}, torch::randn({2, 32, 32})}, {}}), Error);
}

TEST(Systems, RefuseANameThatThereIsNot) {
  Json recipe = Recipe::load("aasist", {}).json();
  recipe["system"] = "oracle";

  EXPECT_THROW(make_system(recipe), UsageError);
}

}  // namespace
}  // namespace bonafide
