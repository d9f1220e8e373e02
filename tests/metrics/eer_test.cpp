#include "metrics/eer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "metrics/auc.h"
#include "metrics/cllr.h"
#include "metrics/det.h"
#include "metrics/detection_cost.h"
#include "metrics/score_health.h"
#include "metrics/synthetic.h"

namespace bonafide {
namespace {

const std::vector<double> kBonaFide = {1, 2, 3};
const std::vector<double> kSpoof = {0, 1.5};

TEST(DetCurve, RejectsOneTrialMoreAtEachPoint) {
  const auto curve = det_curve(Ranking(kBonaFide, kSpoof));

  ASSERT_EQ(curve.size(), 6u);
  EXPECT_EQ(curve[0].threshold, -0.001);
  EXPECT_EQ(curve[0].false_alarm, 1);
  EXPECT_EQ(curve[2].threshold, 1);
  EXPECT_EQ(curve[2].miss, 1.0 / 3);
  EXPECT_EQ(curve[2].false_alarm, 0.5);
}

TEST(DetCurve, LeavesOutWhatNoThresholdCanReach) {
  const std::vector same = {1.0, 1.0};

  const auto curve = reachable_det_curve(Ranking(same, same));

  ASSERT_EQ(curve.size(), 2u);
  EXPECT_EQ(curve[1].miss, 1);
}

TEST(DetEer, IsTheMeanOfTheNearestRates) {
  const Eer eer = det_eer(kBonaFide, kSpoof);

  EXPECT_DOUBLE_EQ(eer.value, 5.0 / 12);
  EXPECT_EQ(eer.threshold, 1);
}

TEST(DetEer, IsOneForConstantScores) {
  EXPECT_EQ(det_eer(std::vector{1.5, 1.5}, std::vector{1.5}).value, 1);
}

struct Variant {
  EerVariant variant;
  double three_two;  // kBonaFide against kSpoof
  double constant;
};

class EveryVariant : public testing::TestWithParam<Variant> {};

TEST_P(EveryVariant, HasItsValueByHand) {
  const Ranking ranking(kBonaFide, kSpoof);

  EXPECT_NEAR(equal_error_rate(GetParam().variant, ranking).value, GetParam().three_two, 1e-15);
}

TEST_P(EveryVariant, HasItsValueForConstantScores) {
  const Ranking ranking(std::vector{1.0, 1.0, 1.0}, std::vector{1.0, 1.0});

  EXPECT_NEAR(equal_error_rate(GetParam().variant, ranking).value, GetParam().constant, 1e-15);
}

TEST_P(EveryVariant, DoesNotChangeUnderAMonotoneMap) {
  const auto bona_fide = normal_scores(300, 1, 1, 3);
  const auto spoof = normal_scores(500, -1, 1.3, 4);
  const auto map = [](std::vector<double> scores) {
    for (double& s : scores) s = std::exp(s / 3) - 7;
    return scores;
  };

  const double before = equal_error_rate(GetParam().variant, Ranking(bona_fide, spoof)).value;
  const double after =
      equal_error_rate(GetParam().variant, Ranking(map(bona_fide), map(spoof))).value;

  EXPECT_EQ(before, after);
}

TEST_P(EveryVariant, ComesNearTheEqualErrorRateOfTwoNormals) {
  const Ranking ranking(normal_scores(200000, 1, 1, 5), normal_scores(200000, -1, 1, 6));

  const double eer = equal_error_rate(GetParam().variant, ranking).value;

  EXPECT_NEAR(eer, 0.5 * std::erfc(1 / std::sqrt(2.0)), 0.0015);
}

INSTANTIATE_TEST_SUITE_P(Table, EveryVariant,
                         testing::Values(Variant{EerVariant::kDet, 5.0 / 12, 1},
                                         Variant{EerVariant::kBrentq, 1.0 / 3, 0.5},
                                         Variant{EerVariant::kDetCurve, 5.0 / 12, 0.5},
                                         Variant{EerVariant::kVox, 0.5, 1},
                                         Variant{EerVariant::kArena, 1.0 / 3, 0.5},
                                         Variant{EerVariant::kRocch, 0.2, 0.5}));

TEST(MergedTies, MakeTheEqualErrorRateTheSameFromEitherSide) {
  auto bona_fide = normal_scores(400, 1, 1, 7);
  auto spoof = normal_scores(300, -1, 1, 8);
  for (auto* scores : {&bona_fide, &spoof}) {
    for (double& s : *scores) s = std::round(2 * s) / 2;
  }
  const auto negated = [](std::vector<double> scores) {
    for (double& s : scores) s = -s;
    return scores;
  };

  const double straight = equal_error_rate(EerVariant::kBrentq, Ranking(bona_fide, spoof)).value;
  const double swapped =
      equal_error_rate(EerVariant::kBrentq, Ranking(negated(spoof), negated(bona_fide))).value;

  EXPECT_NEAR(straight, swapped, 1e-12);
}

TEST(Rocch, IsNeverAboveOneHalf) {
  EXPECT_EQ(equal_error_rate(EerVariant::kRocch, Ranking(kSpoof, kBonaFide)).value, 0.5);
}

TEST(EerVariants, AreFoundByName) {
  EXPECT_EQ(parse_eer_variant("arena"), EerVariant::kArena);
  EXPECT_EQ(name_of(EerVariant::kRocch), "rocch");
  EXPECT_THROW(parse_eer_variant("eer"), UsageError);
}

TEST(Brentq, RefusesInfinity) {
  const Ranking ranking(std::vector{HUGE_VAL}, kSpoof);

  EXPECT_THROW(equal_error_rate(EerVariant::kBrentq, ranking), Error);
}

TEST(MinDcf, IsReachedBetweenTheClasses) {
  const Cost cost = min_dcf(Ranking(kBonaFide, kSpoof));

  EXPECT_NEAR(cost.value, 0.5, 1e-15);  // accepts one of two spoofs: 0.5 * 10 * 0.05 / 0.5
  EXPECT_EQ(cost.threshold, 0);
}

TEST(MinDcf, IsAtMostOne) { EXPECT_EQ(min_dcf(Ranking(kSpoof, kBonaFide)).value, 1); }

TEST(ActualDcf, CountsTheErrorsAtTheBayesThreshold) {
  const std::vector bona_fide = {-1.0, 1.0};
  const std::vector spoof = {-1.0, -0.5};

  const Cost cost = actual_dcf(bona_fide, spoof);

  EXPECT_DOUBLE_EQ(cost.threshold, -std::log(1.9));
  EXPECT_DOUBLE_EQ(cost.value, (0.95 * 0.5 + 0.5 * 0.5) / 0.5);
}

TEST(Cllr, IsOneBitForScoresThatSayNothing) {
  EXPECT_DOUBLE_EQ(cllr(std::vector{0.0, 0.0}, std::vector{0.0}), 1);
}

TEST(Cllr, StaysFiniteWhereTheOfficialToolOverflows) {
  const std::vector wrong = {-800.0};
  const std::vector right = {-1.0};

  EXPECT_TRUE(std::isfinite(cllr(wrong, right)));
  EXPECT_TRUE(std::isinf(official_cllr(wrong, right)));
}

TEST(MinCllr, IsTheCllrOfPerfectlyCalibratedScores) {
  const Ranking ranking(std::vector{1.0, 1.0, 1.0, 0.0}, std::vector{0.0, 0.0, 0.0, 1.0});
  const double llr = std::log(3);  // three of four against one of four

  EXPECT_DOUBLE_EQ(min_cllr(ranking),
                   cllr(std::vector{llr, llr, llr, -llr}, std::vector{-llr, -llr, -llr, llr}));
}

TEST(MinCllr, IsNotAboveTheCllrOfTheScores) {
  const auto bona_fide = normal_scores(500, 3, 2, 9);
  const auto spoof = normal_scores(700, -1, 2, 10);

  EXPECT_LE(min_cllr(Ranking(bona_fide, spoof)), cllr(bona_fide, spoof));
}

TEST(Auc, CountsPairsAndHalvesTies) {
  const Ranking ranking(std::vector{1.0, 2.0}, std::vector{1.0, 0.0});

  EXPECT_DOUBLE_EQ(auc(ranking), (0.5 + 1 + 1 + 1) / 4);
}

TEST(ScoreHealth, WarnsWhenTiesMoveTheOfficialRate) {
  const Ranking ranking(std::vector{1.0, 1.0, 1.0, 2.0}, std::vector{1.0, 1.0, 1.0, 0.5});

  const ScoreHealth health = examine(ranking);

  EXPECT_EQ(health.tied, 6u);
  ASSERT_FALSE(warnings(health, ranking).empty());
  EXPECT_NE(warnings(health, ranking)[0].find("share their score"), std::string::npos);
}

TEST(ScoreHealth, WarnsWhenTheSignLooksInverted) {
  const Ranking ranking(normal_scores(50, -1, 1, 11), normal_scores(50, 1, 1, 12));

  const auto sentences = warnings(examine(ranking), ranking);

  ASSERT_EQ(sentences.size(), 1u);
  EXPECT_NE(sentences[0].find("inverted"), std::string::npos);
}

TEST(ScoreHealth, SaysNothingOfGoodScores) {
  const Ranking ranking(normal_scores(500, 1, 1, 13), normal_scores(500, -1, 1, 14));

  EXPECT_TRUE(warnings(examine(ranking), ranking).empty());
}

}  // namespace
}  // namespace bonafide
