#include "losses/loss_terms.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>
#include <vector>

#include "base/error.h"
#include "base/json_value.h"
#include "losses/additive_angular_margin.h"

namespace bonafide {
namespace {

LossTerms terms(const char* json) { return LossTerms::of(Json::parse(json), {1, 1}); }

// One utterance, bona fide, with the cosines of its angles to both classes.
LossInput input(double spoof_angle, double bona_fide_angle) {
  return {torch::tensor({{std::cos(spoof_angle), std::cos(bona_fide_angle)}}, torch::kFloat64),
          torch::tensor({1}, torch::kInt64),
          {},
          {},
          {},
          {}};
}

double cross_entropy(double wrong, double right) { return std::log(1 + std::exp(wrong - right)); }

TEST(AdditiveAngularMargin, AddsToTheAngleOfTheLabelsClassAndScalesAll) {
  const LossInput in = input(1.1, 0.4);

  const auto logits = additive_angular_margin(in.logits, in.label, 0.2, 30);

  EXPECT_NEAR(logits[0][0].item<double>(), 30 * std::cos(1.1), 1e-12);
  EXPECT_NEAR(logits[0][1].item<double>(), 30 * std::cos(0.6), 1e-12);
}

TEST(AdditiveAngularMargin, GoesOnFallingBeyondHalfATurn) {
  const double angle = 3.1;
  const LossInput in = input(1.0, angle);

  const auto logits = additive_angular_margin(in.logits, in.label, 0.2, 1);

  EXPECT_NEAR(logits[0][1].item<double>(), std::cos(angle) - 0.2 * std::sin(0.2), 1e-12);
}

TEST(AdditiveAngularMargin, HasAFiniteGradientAtBothEnds) {
  auto cosines = torch::tensor({{1.0F, 0.0F}, {-1.0F, 0.0F}}).requires_grad_();

  additive_angular_margin(cosines, torch::tensor({0, 0}, torch::kInt64), 0.2, 30).sum().backward();

  EXPECT_TRUE(torch::isfinite(cosines.grad()).all().item<bool>()) << cosines.grad();
}

// LightCNN's reference counts right answers after the margin.
TEST(LossTerms, CountTheRightAnswersOfTheFirstClassifyingTerm) {
  const LossInput in = input(std::acos(0.6), std::acos(0.7));

  const auto angular = terms(R"([{"name": "angular", "margin": 4}, {"name": "cross_entropy"}])");
  const auto plain = terms(R"([{"name": "cross_entropy"}])");

  EXPECT_EQ(angular.of(in).right.item<int64_t>(), 0);
  EXPECT_EQ(plain.of(in).right.item<int64_t>(), 1);
  EXPECT_EQ(plain.of(in).answers.item<int64_t>(), 1);
  EXPECT_TRUE(angular.want_cosines());
  EXPECT_FALSE(plain.want_cosines());
}

TEST(LossTerms, CountNothingWhereNoneClassifies) {
  LossInput in = input(1.0, 0.5);
  in.wave = in.wave_again = torch::zeros({1, 4});

  EXPECT_FALSE(terms(R"([{"name": "wave_reconstruction"}])").of(in).answers.defined());
}

TEST(LossTerms, AddWithTheirWeights) {
  LossInput in = input(1.0, 0.5);
  in.wave = torch::zeros({1, 4});
  in.wave_again = torch::full({1, 4}, 3.0);
  in.features = torch::zeros({1, 2, 3});
  in.features_again = torch::full({1, 1, 2, 3}, 2.0);

  const auto loss = terms(R"([{"name": "cross_entropy", "weight": 2},
                              {"name": "wave_reconstruction", "weight": 0.5},
                              {"name": "feature_reconstruction"}])")
                        .of(in);

  EXPECT_NEAR(loss.total.item<double>(),
              2 * cross_entropy(std::cos(1.0), std::cos(0.5)) + 0.5 * 9 + 4, 1e-6);
  ASSERT_EQ(loss.parts.size(), 3U);
  EXPECT_EQ(loss.parts[1].name, "wave_reconstruction");
  EXPECT_NEAR(loss.parts[1].value.item<double>(), 9, 1e-6) << "without its weight";
}

TEST(LossTerms, TellTwoOfOneKindApart) {
  const auto loss = terms(R"([{"name": "angular", "margin": 1}, {"name": "cross_entropy"},
                              {"name": "angular", "margin": 2}])")
                        .of(input(1.0, 0.5));

  EXPECT_EQ(loss.parts[0].name, "angular");
  EXPECT_EQ(loss.parts[2].name, "angular_3");
}

// A classifier that cannot learn: only the loss moves, along the ramps.
TEST(LossTerms, FollowTheirRampsStepByStep) {
  LossTerms loss = terms(R"([{"name": "angular", "margin": {"from": 1, "to": 3, "end": 4}},
                             {"name": "additive_angular", "scale": 2,
                              "margin": {"from": 0, "to": 0.4, "begin": 2, "end": 4},
                              "weight": {"from": 0, "to": 1, "begin": 1, "end": 5}}])");
  const LossInput in = input(1.0, 0.5);
  const std::vector<double> margins = {1, 1.5, 2, 2.5, 3, 3}, additive = {0, 0, 0, 0.2, 0.4, 0.4},
                            weights = {0, 0, 0.25, 0.5, 0.75, 1};
  for (int64_t step = 0; step < 6; ++step) {
    loss.at({step, 0});
    const auto i = static_cast<size_t>(step);
    const double wanted =
        cross_entropy(std::cos(1.0), std::cos(0.5 * margins[i])) +
        weights[i] * cross_entropy(2 * std::cos(1.0), 2 * std::cos(0.5 + additive[i]));

    EXPECT_NEAR(loss.of(in).total.item<double>(), wanted, 1e-12) << step;
  }
}

TEST(LossTerms, BeginWithTheFirstStepsValues) {
  const LossTerms loss =
      terms(R"([{"name": "cross_entropy", "weight": {"from": 0.5, "to": 1, "end": 9}}])");

  EXPECT_NEAR(loss.of(input(1.0, 0.5)).total.item<double>(),
              0.5 * cross_entropy(std::cos(1.0), std::cos(0.5)), 1e-12);
}

TEST(LossTerms, RefuseWhatThereIsNot) {
  for (const char* json :
       {R"(["cross_entropy"])", R"([{"name": "triplet"}])", R"([{"weight": 1}])",
        R"([{"name": "cross_entropy", "margin": 1}])", R"([{"name": "angular", "scale": 1}])",
        R"([{"name": "cross_entropy", "weight": -1}])",
        R"([{"name": "angular", "margin": "x"}])"}) {
    EXPECT_THROW(terms(json), UsageError) << json;
  }
}

TEST(LossTerms, RefuseANetworkThatMakesNothingAgain) {
  EXPECT_THROW(terms(R"([{"name": "wave_reconstruction"}])").of(input(1, 1)), Error);
}

}  // namespace
}  // namespace bonafide
