#include "metrics/tandem_cost.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"

namespace bonafide {
namespace {

const std::vector<double> kTarget = {2, 3, 4};
const std::vector<double> kNontarget = {-1, 0, 2.5};
const std::vector<double> kAsvSpoof = {1, 3.5};
const Ranking kPerfect(std::vector{1.0, 2.0}, std::vector{-1.0, -2.0});

TEST(AsvOperatingPoint, AcceptsTheScoreOnItsThreshold) {
  const AsvRates rates = asv_rates_at({kTarget, kNontarget, kAsvSpoof}, 2.5);

  EXPECT_DOUBLE_EQ(rates.false_alarm, 1.0 / 3);
  EXPECT_DOUBLE_EQ(rates.miss, 1.0 / 3);
  EXPECT_DOUBLE_EQ(rates.spoof_false_alarm.value(), 0.5);
  EXPECT_DOUBLE_EQ(rates.spoof_miss.value(), 0.5);
}

TEST(AsvOperatingPoint, HasItsRatesWithoutSpoofsButNoTandemCost) {
  const AsvRates rates = asv_operating_point({kTarget, kNontarget, {}});

  EXPECT_EQ(rates.miss, asv_operating_point({kTarget, kNontarget, kAsvSpoof}).miss);
  EXPECT_FALSE(rates.spoof_miss || rates.spoof_false_alarm);
  EXPECT_THROW(legacy_tandem_weights(rates), Error);
  EXPECT_THROW(revised_tandem_weights(rates), Error);
}

TEST(AsvSystem, SaysWhatTheClassesAllow) {
  const AsvSystem whole = asv_system({kTarget, kNontarget, kAsvSpoof});
  const AsvSystem no_spoofs = asv_system({kTarget, kNontarget, {}});
  const AsvSystem no_targets = asv_system({{}, kNontarget, kAsvSpoof});

  EXPECT_EQ(whole.reason, "");
  EXPECT_EQ(no_spoofs.eer->value, whole.eer->value);
  EXPECT_EQ(no_spoofs.rates->false_alarm, whole.rates->false_alarm);
  EXPECT_EQ(no_spoofs.reason, "no ASV spoof trials");
  EXPECT_FALSE(no_targets.eer || no_targets.rates);
  EXPECT_EQ(no_targets.reason, "no ASV target trials");
}

TEST(LegacyTandemDcf, IsZeroForAPerfectCountermeasure) {
  const auto weights = legacy_tandem_weights(kAsvspoof5AsvRates);

  EXPECT_EQ(min_tandem_dcf(kPerfect, weights).value, 0);
}

TEST(RevisedTandemDcf, KeepsTheFloorOfTheAsvSystem) {
  const auto weights = revised_tandem_weights(kAsvspoof5AsvRates);

  EXPECT_DOUBLE_EQ(min_tandem_dcf(kPerfect, weights).value,
                   weights.c0 / (weights.c0 + std::min(weights.c1, weights.c2)));
}

TEST(RevisedTandemDcf, IsAtMostOne) {
  const Ranking inverted(std::vector{-1.0, -2.0, -3.0}, std::vector{1.0, 2.0});

  EXPECT_DOUBLE_EQ(min_tandem_dcf(inverted, revised_tandem_weights(kAsvspoof5AsvRates)).value, 1);
}

TEST(TandemDcf, RefusesDecisionsInPlaceOfScores) {
  const Ranking decisions(std::vector{1.0, 1.0, 0.0}, std::vector{0.0, 1.0});

  EXPECT_THROW(min_tandem_dcf(decisions, {0, 1, 1}), Error);
}

TEST(TandemDcf, RefusesInfiniteScores) {
  const Ranking infinite(std::vector{1.0, 2.0, HUGE_VAL}, std::vector{0.0});

  EXPECT_THROW(min_tandem_dcf(infinite, {0, 1, 1}), Error);
}

TEST(TandemDcf, RefusesNegativeWeights) {
  EXPECT_THROW(min_tandem_dcf(kPerfect, {0, -0.1, 1}), Error);
}

TEST(TandemCosts, MustBeADistribution) {
  TandemCosts costs;
  costs.spoof_prior = 0.1;

  EXPECT_THROW(legacy_tandem_weights(kAsvspoof5AsvRates, costs), Error);
}

}  // namespace
}  // namespace bonafide
