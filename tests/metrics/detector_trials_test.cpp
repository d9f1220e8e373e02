#include "metrics/detector_trials.h"

#include <gtest/gtest.h>

#include <cmath>

#include "metrics/breakdown.h"
#include "trials/trials.h"

namespace bonafide {
namespace {

Trials joined(std::string_view scores, std::string_view key, const TableOptions& options) {
  return join(TrialTable::parse(scores, "scores", {.use = TableUse::kScores}),
              TrialTable::parse(key, "key", options));
}

constexpr std::string_view kKey = "s1 u1 - - bonafide\ns2 u2 - A07 spoof\ns3 u3 - A08 spoof\n";

TEST(Conditions, OfAttacksFilterOnlySpoofTrials) {
  const Trials trials =
      joined("u1 1\nu2 2\nu3 3\n", kKey, {.factors = {"attack"}, .use = TableUse::kKey});

  const auto values = conditions(trials, trials.factor("attack"));

  ASSERT_EQ(values.size(), 2u);
  EXPECT_EQ(values[0].value, "A07");
  EXPECT_EQ(values[0].side, FactorSide::kSpoof);
}

TEST(Conditions, OfAttacksLeaveOutSpoofTrialsWithoutOne) {
  const Trials trials =
      joined("u1 1\nu2 2\nu3 3\n", "id,label,attack\nu1,bonafide,\nu2,spoof,A07\nu3,spoof,\n",
             {.factors = {"attack"}, .use = TableUse::kKey});

  const auto values = conditions(trials, trials.factor("attack"));

  ASSERT_EQ(values.size(), 1u);
  EXPECT_EQ(values[0].value, "A07");
  EXPECT_EQ(values[0].side, FactorSide::kSpoof);
}

TEST(Conditions, OfSharedValuesFilterBothClasses) {
  const Trials trials = joined("u1 1\nu2 2\n", "id,label,codec\nu1,bonafide,opus\nu2,spoof,opus\n",
                               {.factors = {"codec"}, .use = TableUse::kKey});

  const auto values = conditions(trials, trials.factor("codec"));

  ASSERT_EQ(values.size(), 1u);
  EXPECT_EQ(values[0].side, FactorSide::kBoth);
}

TEST(EvaluateBy, ComparesEachAttackWithAllBonaFideTrials) {
  const Trials trials =
      joined("u1 2\nu2 1\nu3 3\n", kKey, {.factors = {"attack"}, .use = TableUse::kKey});

  const auto rows = evaluate_by(trials, trials.factor("attack"), {});

  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].bona_fide, 1u);
  EXPECT_EQ(rows[0].result->eer.value, 0);
  EXPECT_EQ(rows[1].result->eer.value, 1);
}

TEST(CrossEers, LeaveACellEmptyWithoutTrials) {
  const Trials trials = joined(
      "u1 1\nu2 2\nu3 3\nu4 0\n",
      "id,label,attack,codec\nu1,bonafide,-,a\nu2,bonafide,-,b\nu3,spoof,A1,a\nu4,spoof,A2,b\n",
      {.factors = {"attack", "codec"}, .use = TableUse::kKey});

  const auto table =
      cross_eers(trials, trials.factor("attack"), trials.factor("codec"), EerVariant::kDet);

  EXPECT_EQ(table.rows, (std::vector<std::string>{"pooled", "A1", "A2"}));
  EXPECT_TRUE(std::isnan(table.values[1][2]));
  EXPECT_EQ(table.values[1][1], 1);
  EXPECT_EQ(table.values[2][2], 0);
}

}  // namespace
}  // namespace bonafide
