#include "metrics/sasv.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/error.h"
#include "metrics/det.h"
#include "metrics/synthetic.h"
#include "metrics/tandem_eer.h"

namespace bonafide {
namespace {

struct Trials3 {
  std::vector<double> target;
  std::vector<double> nontarget;
  std::vector<double> spoof;
};

Trials3 random_trials(uint64_t seed, double step) {
  Trials3 trials{normal_scores(60, 2, 1, seed), normal_scores(70, -2, 1, seed + 1),
                 normal_scores(80, 0.5, 1.5, seed + 2)};
  if (step > 0) {
    for (auto* scores : {&trials.target, &trials.nontarget, &trials.spoof}) {
      for (double& s : *scores) s = std::round(s / step) * step;
    }
  }
  return trials;
}

TEST(SasvEers, CompareTargetsWithEachKindOfImpostor) {
  const std::vector target = {2.0, 3.0};
  const std::vector nontarget = {0.0, 1.0};
  const std::vector spoof = {4.0, 5.0};

  const SasvEers eers = sasv_eers({target, nontarget, spoof});

  EXPECT_EQ(eers.sv, 0);
  EXPECT_EQ(eers.spf, 1);
  EXPECT_DOUBLE_EQ(eers.sasv, 0.5);
}

TEST(AgnosticDcf, IsZeroWhenTargetsAreOnTop) {
  EXPECT_EQ(min_agnostic_dcf({std::vector{2.0}, std::vector{1.0}, std::vector{0.0}}).value, 0);
}

TEST(AgnosticDcf, IsOneWhenNothingIsToldApart) {
  const std::vector same = {1.0, 1.0};

  const Cost cost = min_agnostic_dcf({same, same, same});

  EXPECT_EQ(cost.value, 1);
  EXPECT_EQ(cost.threshold, 1 - 1e-8);
}

TEST(AgnosticDcf, NeedsAllThreeClasses) {
  EXPECT_THROW(min_agnostic_dcf({std::vector{2.0}, std::vector{1.0}, {}}), Error);
}

// The definition, pair by pair.
TandemEer all_pairs(const TandemScores& scores) {
  constexpr double kPrevalence = 0.5;
  std::vector<double> bona_fide(scores.target.cm.begin(), scores.target.cm.end());
  bona_fide.insert(bona_fide.end(), scores.nontarget.cm.begin(), scores.nontarget.cm.end());
  const auto cm = det_curve(Ranking(bona_fide, scores.spoof.cm));
  const Ranking asv({{"target", scores.target.asv},
                     {"nontarget", scores.nontarget.asv},
                     {"spoof", scores.spoof.asv}});
  double rejected[3] = {};
  TandemEer best;
  double best_difference = std::numeric_limits<double>::infinity();
  for (size_t j = 0; j <= asv.size(); ++j) {
    if (j > 0) ++rejected[asv.class_of(j - 1)];
    const double miss = rejected[0] / static_cast<double>(asv.count(0));
    const double nontarget = 1 - rejected[1] / static_cast<double>(asv.count(1));
    const double spoof = 1 - rejected[2] / static_cast<double>(asv.count(2));
    if (!(miss < (1 - kPrevalence) * nontarget + kPrevalence * spoof)) continue;
    size_t nearest = 0;
    double smallest = std::numeric_limits<double>::infinity();
    for (size_t k = 0; k < cm.size(); ++k) {
      const double h = cm[k].miss + (1 - cm[k].miss) * miss -
                       ((1 - kPrevalence) * (1 - cm[k].miss) * nontarget +
                        kPrevalence * cm[k].false_alarm * spoof);
      if (std::abs(h) < smallest) {
        smallest = std::abs(h);
        nearest = k;
      }
    }
    const double difference =
        std::abs(nontarget / spoof - cm[nearest].false_alarm / (1 - cm[nearest].miss));
    if (difference < best_difference) {
      best_difference = difference;
      best.value = spoof * cm[nearest].false_alarm;
      best.asv_index = j;
      best.cm_index = nearest;
    }
  }
  return best;
}

class TandemEers : public testing::TestWithParam<int> {};

TEST_P(TandemEers, AreThoseOfTheSearchOverAllPairs) {
  const auto seed = static_cast<uint64_t>(GetParam());
  const double step = GetParam() % 3 == 0 ? 0.5 : 0;  // ties in every third case
  const Trials3 asv = random_trials(10 * seed, step);
  const Trials3 cm = random_trials(10 * seed + 5, step);
  // The countermeasure finds nontargets bona fide.
  const auto nontarget_cm = normal_scores(70, 2, 1, seed);
  const TandemScores whole{
      {asv.target, cm.target}, {asv.nontarget, nontarget_cm}, {asv.spoof, cm.spoof}};
  const TandemEer got = tandem_eer(whole);
  const TandemEer want = all_pairs(whole);

  EXPECT_EQ(got.asv_index, want.asv_index);
  EXPECT_EQ(got.cm_index, want.cm_index);
  EXPECT_EQ(got.value, want.value);
}

INSTANTIATE_TEST_SUITE_P(Seeds, TandemEers, testing::Range(0, 40));

TEST(TandemEer, OfSmallSetsIsTheOfficialOne) {
  const Trials3 asv = random_trials(1, 0);
  const Trials3 cm = random_trials(6, 0);
  const TandemScores scores{
      {asv.target, cm.target}, {asv.nontarget, cm.nontarget}, {asv.spoof, cm.spoof}};

  EXPECT_EQ(tandem_eer(scores).value, official_tandem_eer(scores).value);
}

}  // namespace
}  // namespace bonafide
