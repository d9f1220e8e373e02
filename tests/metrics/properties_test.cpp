// What must hold of the metrics for all scores, whatever the formula.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>

#include "metrics/auc.h"
#include "metrics/cllr.h"
#include "metrics/detection_cost.h"
#include "metrics/eer.h"
#include "metrics/sasv.h"
#include "metrics/synthetic.h"
#include "metrics/tandem_cost.h"
#include "metrics/tandem_eer.h"

namespace bonafide {
namespace {

using Scores = std::vector<double>;

Scores mapped(Scores scores, const std::function<double(double)>& map) {
  std::transform(scores.begin(), scores.end(), scores.begin(), map);
  return scores;
}

double quarter(double s) { return std::round(4 * s) / 4; }
double negated(double s) { return -s; }
double curved(double s) { return std::exp(s / 3) - 7; }

// The standard normal distribution's upper tail.
double tail(double x) { return 0.5 * std::erfc(x / std::sqrt(2.0)); }

// Figures of discrimination: they see the order of the scores and nothing else.
struct Figure {
  std::string name;
  std::function<double(const Ranking&)> value;
};

std::vector<Figure> discrimination() {
  return {
      {"minDcf", [](const Ranking& r) { return min_dcf(r).value; }},
      {"tandem",
       [](const Ranking& r) {
         return min_tandem_dcf(r, revised_tandem_weights(kAsvspoof5AsvRates)).value;
       }},
      {"minCllr", min_cllr},
      {"auc", auc},
      {"brentq", [](const Ranking& r) { return equal_error_rate(EerVariant::kBrentq, r).value; }},
      {"rocch", [](const Ranking& r) { return equal_error_rate(EerVariant::kRocch, r).value; }}};
}

class Discrimination : public testing::TestWithParam<Figure> {
 protected:
  const Scores bona_fide_ = mapped(normal_scores(300, 0.7, 1, 51), quarter);
  const Scores spoof_ = mapped(normal_scores(500, -0.7, 1.4, 52), quarter);
};

TEST_P(Discrimination, DoesNotChangeUnderAMonotoneMap) {
  EXPECT_EQ(GetParam().value(Ranking(bona_fide_, spoof_)),
            GetParam().value(Ranking(mapped(bona_fide_, curved), mapped(spoof_, curved))));
}

TEST_P(Discrimination, DoesNotDependOnTheOrderOfTheTrials) {
  Scores bona_fide = bona_fide_;
  Scores spoof = spoof_;
  std::reverse(bona_fide.begin(), bona_fide.end());
  std::rotate(spoof.begin(), spoof.begin() + 123, spoof.end());

  EXPECT_EQ(GetParam().value(Ranking(bona_fide_, spoof_)),
            GetParam().value(Ranking(bona_fide, spoof)));
}

TEST_P(Discrimination, DoesNotChangeWhenEveryTrialStandsTwice) {
  const auto doubled = [](Scores scores) {
    const Scores once = scores;
    scores.insert(scores.end(), once.begin(), once.end());
    return scores;
  };

  EXPECT_NEAR(GetParam().value(Ranking(bona_fide_, spoof_)),
              GetParam().value(Ranking(doubled(bona_fide_), doubled(spoof_))), 1e-12);
}

INSTANTIATE_TEST_SUITE_P(Figures, Discrimination, testing::ValuesIn(discrimination()),
                         [](const auto& figure) { return figure.param.name; });

// Figures that treat both classes alike are the same seen from the other side.
class Symmetric : public Discrimination {};

TEST_P(Symmetric, IsTheSameWithNegatedScoresAndSwappedClasses) {
  EXPECT_NEAR(GetParam().value(Ranking(bona_fide_, spoof_)),
              GetParam().value(Ranking(mapped(spoof_, negated), mapped(bona_fide_, negated))),
              1e-12);
}

INSTANTIATE_TEST_SUITE_P(
    Figures, Symmetric,
    testing::Values(
        Figure{"minCllr", min_cllr}, Figure{"auc", auc},
        Figure{"brentq",
               [](const Ranking& r) { return equal_error_rate(EerVariant::kBrentq, r).value; }},
        Figure{"rocch",
               [](const Ranking& r) { return equal_error_rate(EerVariant::kRocch, r).value; }},
        Figure{"dcfOfEqualCosts",
               [](const Ranking& r) {
                 return min_dcf(r, {.negative_prior = 0.5, .miss = 1, .false_alarm = 1}).value;
               }}),
    [](const auto& figure) { return figure.param.name; });

TEST(MergedTies, DoNotMoveTheMinimalCosts) {
  // The official curve passes through points inside ties; a cost is never least there.
  const Scores bona_fide = mapped(normal_scores(200, 0.5, 1, 53), quarter);
  const Scores spoof = mapped(normal_scores(300, -0.5, 1, 54), quarter);
  double least = HUGE_VAL;
  for (double threshold = -6; threshold <= 6.25; threshold += 0.25) {
    const auto below = [&](const Scores& scores) {
      return static_cast<double>(std::count_if(scores.begin(), scores.end(),
                                               [&](double s) { return s < threshold; })) /
             static_cast<double>(scores.size());
    };
    least = std::min(least, (0.95 * below(bona_fide) + 0.5 * (1 - below(spoof))) / 0.5);
  }

  EXPECT_NEAR(min_dcf(Ranking(bona_fide, spoof)).value, least, 1e-12);
}

class NormalScores : public testing::TestWithParam<double> {};

TEST_P(NormalScores, HaveTheRatesOfTheirDistributions) {
  // Two normals of deviation 1, d apart, scored by their log-likelihood ratio d * x.
  const double d = GetParam();
  const auto ratio = [d](double x) { return d * x; };
  const Scores bona_fide = mapped(normal_scores(200000, d / 2, 1, 55), ratio);
  const Scores spoof = mapped(normal_scores(200000, -d / 2, 1, 56), ratio);
  const Ranking ranking(bona_fide, spoof);
  // The Bayes threshold ln(beta) on x, and its cost.
  const double cut = -std::log(1.9) / d;
  const double cost = (0.95 * tail(d / 2 - cut) + 0.5 * tail(cut + d / 2)) / 0.5;

  EXPECT_NEAR(det_eer(ranking).value, tail(d / 2), 0.002);
  EXPECT_NEAR(auc(ranking), tail(-d / std::sqrt(2.0)), 0.002);
  EXPECT_NEAR(min_dcf(ranking).value, std::min(cost, 1.0), 0.006);
  EXPECT_NEAR(actual_dcf(bona_fide, spoof).value, cost, 0.006);
  EXPECT_NEAR(cllr(bona_fide, spoof) - min_cllr(ranking), 0, 0.001);  // well calibrated
}

INSTANTIATE_TEST_SUITE_P(Distances, NormalScores, testing::Values(1.0, 2.0, 3.0, 5.0));

TEST(SasvEers, AreThoseOfADetectorWhenOneKindOfImpostorIsMissingFromTheSum) {
  const Scores target = normal_scores(300, 1, 1, 57);
  const Scores impostor = normal_scores(400, -1, 1, 58);

  const SasvEers eers = sasv_eers({target, impostor, impostor});

  EXPECT_NEAR(eers.sasv, eers.sv, 1e-12);
  EXPECT_EQ(eers.sv, eers.spf);
  EXPECT_EQ(eers.sv, equal_error_rate(EerVariant::kBrentq, Ranking(target, impostor)).value);
}

TEST(AgnosticDcf, IsADetectionCostWhenNontargetsAndSpoofsScoreAlike) {
  const Scores target = normal_scores(300, 1, 1, 59);
  const Scores impostor = normal_scores(400, -1, 1, 60);
  const AgnosticCosts costs;
  const double impostors = costs.nontarget_prior + costs.spoof_prior;

  const double agnostic = min_agnostic_dcf({target, impostor, impostor}, costs).value;

  EXPECT_NEAR(agnostic,
              min_dcf(Ranking(target, impostor),
                      {.negative_prior = impostors, .miss = 1, .false_alarm = 10})
                  .value,
              1e-12);
}

TEST(TandemEer, DoesNotChangeUnderMonotoneMaps) {
  const Scores tar_asv = normal_scores(200, 2, 1, 61), tar_cm = normal_scores(200, 1, 1, 62);
  const Scores non_asv = normal_scores(300, -2, 1, 63), non_cm = normal_scores(300, 1, 1, 64);
  const Scores spf_asv = normal_scores(400, 1, 1, 65), spf_cm = normal_scores(400, -1, 1, 66);
  const auto m = [](const Scores& s) { return mapped(s, curved); };
  const Scores t1 = m(tar_asv), t2 = m(tar_cm), n1 = m(non_asv), n2 = m(non_cm), s1 = m(spf_asv),
               s2 = m(spf_cm);

  EXPECT_EQ(tandem_eer({{tar_asv, tar_cm}, {non_asv, non_cm}, {spf_asv, spf_cm}}).value,
            tandem_eer({{t1, t2}, {n1, n2}, {s1, s2}}).value);
}

}  // namespace
}  // namespace bonafide
