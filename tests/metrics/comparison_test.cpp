#include "metrics/comparison.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "metrics/synthetic.h"

namespace bonafide {
namespace {

// Two systems that hear the same trials: common noise, and some of their own.
struct TwoSystems {
  std::vector<double> bona_fide, spoof, other_bona_fide, other_spoof;

  TwoSystems(double advantage, uint64_t seed) {
    const auto fill = [&](size_t n, double mean, uint64_t s, std::vector<double>& one,
                          std::vector<double>& other) {
      const auto common = normal_scores(n, mean, 1, s);
      const auto own = normal_scores(n, 0, 0.3, s + 1);
      for (size_t i = 0; i < n; ++i) {
        one.push_back(common[i] + (mean > 0 ? advantage : -advantage));
        other.push_back(common[i] + own[i]);
      }
    };
    fill(1000, 1, 10 * seed, bona_fide, other_bona_fide);
    fill(1500, -1, 10 * seed + 2, spoof, other_spoof);
  }

  Comparison compare(const DetectorOptions& options = {},
                     const TrialSpeakers& speakers = {}) const {
    return compare_detectors({bona_fide, spoof}, {other_bona_fide, other_spoof}, options, speakers);
  }
};

TEST(SignTest, CountsTheTailsOfFairCoins) {
  EXPECT_DOUBLE_EQ(sign_test(0, 0), 1);
  EXPECT_DOUBLE_EQ(sign_test(5, 5), 1);
  EXPECT_NEAR(sign_test(0, 5), 2.0 / 32, 1e-15);
  EXPECT_NEAR(sign_test(8, 2), 2.0 * (1 + 10 + 45) / 1024, 1e-14);
  EXPECT_EQ(sign_test(2, 8), sign_test(8, 2));
}

TEST(SignTest, ComesNearTheNormalDistributionForManyTrials) {
  const double z = (60000 - 59000 - 1) / std::sqrt(119000.0);

  EXPECT_NEAR(sign_test(59000, 60000), std::erfc(z / std::sqrt(2.0)), 1e-5);
}

TEST(Comparison, FindsNoDifferenceOfASystemToItself) {
  const TwoSystems systems(0, 1);

  const Comparison comparison =
      compare_detectors({systems.bona_fide, systems.spoof}, {systems.bona_fide, systems.spoof}, {});

  EXPECT_EQ(comparison.figures[0].name, "eer");
  EXPECT_EQ(comparison.figures[0].difference.low, 0);
  EXPECT_EQ(comparison.figures[0].difference.high, 0);
  EXPECT_EQ(comparison.figures[0].p_value, 1);
  EXPECT_EQ(comparison.decisions.only_first + comparison.decisions.only_second, 0u);
  EXPECT_EQ(comparison.decisions.p_value, 1);
}

TEST(Comparison, FindsAClearAdvantage) {
  const Comparison comparison = TwoSystems(0.5, 2).compare();

  EXPECT_LT(comparison.figures[0].difference.high, 0);
  EXPECT_LT(comparison.figures[0].p_value, 0.01);
  EXPECT_GT(comparison.decisions.only_first, comparison.decisions.only_second);
  EXPECT_LT(comparison.decisions.p_value, 1e-6);
}

TEST(Comparison, TurnsItsSignWhenTheSystemsAreSwapped) {
  const TwoSystems systems(0.1, 3);

  const Comparison straight = systems.compare();
  const Comparison swapped = compare_detectors({systems.other_bona_fide, systems.other_spoof},
                                               {systems.bona_fide, systems.spoof}, {});

  EXPECT_NEAR(straight.figures[0].difference.low, -swapped.figures[0].difference.high, 1e-15);
  EXPECT_EQ(straight.figures[0].p_value, swapped.figures[0].p_value);
  EXPECT_EQ(straight.decisions.only_first, swapped.decisions.only_second);
}

TEST(Comparison, IsSharperThanTwoSeparateIntervals) {
  const TwoSystems systems(0.1, 4);
  const DetectorOptions options{.resamples = 1000};

  const Interval paired = systems.compare(options).figures[0].difference;
  const Interval first = *evaluate_detector(systems.bona_fide, systems.spoof, options).eer.interval;
  const Interval second =
      *evaluate_detector(systems.other_bona_fide, systems.other_spoof, options).eer.interval;

  EXPECT_LT(paired.high - paired.low, first.high - first.low + second.high - second.low);
  EXPECT_LT(paired.high - paired.low, std::hypot(first.high - first.low, second.high - second.low));
}

TEST(Comparison, DecidesAtTheThresholdGiven) {
  const std::vector bona_fide = {1.0, 2.0};
  const std::vector spoof = {0.0, 3.0};
  const std::vector other_bona_fide = {0.5, 2.0};
  const std::vector other_spoof = {0.0, 0.5};

  const McNemar test = compare_detectors({bona_fide, spoof}, {other_bona_fide, other_spoof}, {}, {},
                                         /*threshold=*/1.0)
                           .decisions;

  EXPECT_EQ(test.only_first, 1u);   // the first bona fide trial
  EXPECT_EQ(test.only_second, 1u);  // the second spoof
}

TEST(Comparison, HasWiderIntervalsForFewSpeakers) {
  // The advantage differs from speaker to speaker, so that speakers count and not trials.
  TwoSystems systems(0, 5);
  const auto advantage = normal_scores(10, 0.2, 0.5, 99);
  TrialSpeakers speakers;
  for (size_t i = 0; i < systems.bona_fide.size(); ++i) {
    speakers.speakers.push_back(static_cast<uint32_t>(i % 10));
    systems.bona_fide[i] += advantage[i % 10];
  }
  for (size_t i = 0; i < systems.spoof.size(); ++i) {
    speakers.speakers.push_back(static_cast<uint32_t>(i % 10));
  }

  const Interval plain = systems.compare().figures[0].difference;
  const Interval clustered =
      systems.compare({.resampling = Resampling::kSpeaker}, speakers).figures[0].difference;

  EXPECT_GT(clustered.high - clustered.low, plain.high - plain.low);
}

TEST(Comparison, RefusesOtherTrialsAndNaN) {
  const std::vector one = {1.0};
  const std::vector two = {1.0, 2.0};
  const std::vector broken = {std::nan("")};

  EXPECT_THROW(compare_detectors({one, one}, {two, one}, {}), Error);
  EXPECT_THROW(compare_detectors({one, one}, {broken, one}, {}), Error);
}

}  // namespace
}  // namespace bonafide
