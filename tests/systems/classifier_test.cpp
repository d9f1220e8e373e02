#include "systems/classifier.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/json_value.h"
#include "error_text.h"
#include "recipe/recipe.h"

namespace bonafide {
namespace {

std::shared_ptr<Network> small_network() {
  return make_network({{"architecture", "AASIST"},
                       {"filts", {70, {1, 4}, {4, 4}, {4, 4}, {4, 4}}},
                       {"gat_dims", {4, 4}}});
}

// Answers the same to everything.
class FixedNetwork : public Network {
 public:
  explicit FixedNetwork(NetworkOutput output) : output_(std::move(output)) {}
  NetworkOutput forward(const NetworkInput&) override { return output_; }

 private:
  NetworkOutput output_;
};

std::shared_ptr<Network> network_with(const torch::Tensor& logits, NetworkInput again = {}) {
  return std::make_shared<FixedNetwork>(NetworkOutput{logits, {}, std::move(again)});
}

TEST(Classifier, WeighsTheClassesInItsLoss) {
  Classifier system(network_with(torch::tensor({{2.0f, 0.0f}, {0.0f, 0.0f}})),
                    {1, {0.1, 0.9}, false});

  const auto loss = system.learn({{}, torch::tensor({0, 1}, torch::kInt64)});

  // (0.1 * ln(1 + e^-2) + 0.9 * ln 2) / (0.1 + 0.9)
  EXPECT_NEAR(loss.total.item<double>(), 0.1 * 0.126928 + 0.9 * 0.693147, 1e-5);
}

TEST(Classifier, ScoresByTheBonaFideLogit) {
  Classifier system(network_with(torch::tensor({{2.0f, 5.0f}})), {});

  EXPECT_EQ(system.answer({}).score.item<float>(), 5.0f);
}

TEST(Classifier, RefusesANetworkWithOtherThanTwoLogits) {
  Classifier system(network_with(torch::zeros({1, 3})), {});

  EXPECT_THROW(system.answer({}), Error);
}

// The published loss of S2pecNet.
const Json kReconstruction = Json::parse(R"([{"name": "cross_entropy"},
    {"name": "wave_reconstruction", "weight": 0.5},
    {"name": "feature_reconstruction", "weight": 0.25}])");

TEST(Classifier, AddsTheSquaredErrorsOfWhatItsNetworkMakesAgain) {
  const auto network =
      network_with(torch::zeros({1, 2}), {torch::ones({1, 4}), torch::full({1, 1, 2, 3}, 3.0)});
  Classifier system(network, {1, {1, 1}, false, 0, kReconstruction});

  const auto loss = system.learn(
      {{torch::zeros({1, 4}), torch::full({1, 2, 3}, 1.0)}, torch::tensor({1}, torch::kInt64)});

  // ln 2 + 0.5 * 1^2 + 0.25 * 2^2
  EXPECT_NEAR(loss.total.item<double>(), 0.693147 + 0.5 + 1.0, 1e-5);
}

TEST(Classifier, CannotLearnToMakeAgainWhatItsNetworkDoesNot) {
  Classifier system(network_with(torch::zeros({1, 2})), {1, {1, 1}, false, 0, kReconstruction});

  EXPECT_THROW(system.learn({{}, torch::tensor({1}, torch::kInt64)}), Error);
}

TEST(Batch, MovesWhole) {
  Batch batch = {torch::zeros({2, 3}), torch::tensor({1, 0}), torch::tensor({4, 5}), 2,
                 NetworkInput(torch::ones({2, 3}))};

  const Batch moved = batch.to(torch::kCPU, torch::kFloat64);

  EXPECT_EQ(moved.input.wave.scalar_type(), torch::kFloat64);
  EXPECT_EQ(moved.reference.wave.scalar_type(), torch::kFloat64);
  EXPECT_TRUE(moved.label.equal(batch.label));
  EXPECT_TRUE(moved.speaker.equal(batch.speaker));
  EXPECT_EQ(moved.tuple, 2);
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
    system_.learn({torch::randn({2, 5000}), torch::tensor({1, 0})});
    return (bands_.abs().amax({0, 2}) == 0).sum().item<int64_t>();
  }

  Classifier system_{small_network(), {1, {0.5, 0.5}, /*freq_aug=*/true}};
  torch::Tensor bands_;
  Random random_{7};
};

TEST_F(MaskedBands, AreOthersInEachBatchThatItLearnsFrom) {
  std::vector<int64_t> counts;
  for (int i = 0; i < 20; ++i) {
    system_.prepare({}, random_);
    counts.push_back(silent());
  }

  EXPECT_GT(*std::max_element(counts.begin(), counts.end()), 5);
  EXPECT_LT(*std::max_element(counts.begin(), counts.end()), 20);
}

TEST_F(MaskedBands, AreNoneWhereItDoesNotLearn) {
  do system_.prepare({}, random_);
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

TEST(Classifier, RefusesOptionsOfItsLossAndScoreThatThereAreNot) {
  const auto said = [](const std::vector<std::string>& overrides) {
    const Json recipe = Recipe::load("aasist", overrides).json();
    return error_text<UsageError>([&] { make_system(recipe); });
  };
  EXPECT_EQ(said({"loss.class_weigths=[1,1]"}),
            "unknown key \"loss.class_weigths\" (did you mean \"class_weights\"?)");
  EXPECT_EQ(said({"score.likeness=1"}),
            "unknown key \"score.likeness\" (there are: logit, over, precision)");
  EXPECT_EQ(said({"loss.class_weights=3"}), "loss.class_weights: 3 is not a list of 2");
  EXPECT_EQ(said({"loss.terms=angular"}), "loss.terms: \"angular\" is not a list");
  EXPECT_EQ(said({"score.logit=2"}), "score.logit: 2 is not a whole number from 0 to 1");
  EXPECT_EQ(said({"loss.feature_reconstruction=0.2"}),
            "loss.feature_reconstruction: only system: reconstruction learns by it");
}

TEST(Classifier, TakesTheLossOfAFolderFromBeforeItsOptionsWereItsOwn) {
  const Json recipe =
      Recipe::load("aasist", {"loss.wave_reconstruction=0.1", "loss.feature_reconstruction=0.1",
                              "loss.margin=4", "loss.terms=[]", "loss.name=cross_entropy"})
          .json();
  EXPECT_NO_THROW(make_system(recipe));
}

TEST(Systems, RefuseANameThatThereIsNot) {
  Json recipe = Recipe::load("aasist", {}).json();
  recipe["system"] = "oracle";

  EXPECT_THROW(make_system(recipe), UsageError);
}

}  // namespace
}  // namespace bonafide
