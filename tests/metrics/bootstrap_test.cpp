#include "metrics/bootstrap.h"

#include <gtest/gtest.h>

#include <numeric>

#include "base/error.h"
#include "metrics/cllr.h"
#include "metrics/detector_result.h"
#include "metrics/eer.h"
#include "metrics/synthetic.h"

namespace bonafide {
namespace {

// The resample written out as scores.
struct Expanded {
  std::vector<double> bona_fide;
  std::vector<double> spoof;
};

Expanded expand(const WeightedRanking& trials) {
  Expanded scores;
  const Ranking& ranking = trials.ranking();
  for (size_t rank = 0; rank < ranking.size(); ++rank) {
    auto& side = ranking.positive(rank) ? scores.bona_fide : scores.spoof;
    side.insert(side.end(), trials.copies()[rank], ranking.score(rank));
  }
  return scores;
}

class WeightedFigures : public testing::TestWithParam<uint64_t> {
 protected:
  // Ties included: scores in steps of one quarter.
  WeightedFigures()
      : ranking_(stepped(normal_scores(40, 0.5, 1, 2 * GetParam())),
                 stepped(normal_scores(70, -0.5, 1, 2 * GetParam() + 1))),
        copies_(ranking_.size()) {
    Random random(GetParam());
    plain_resampler()->draw(random, copies_);
  }

  static std::vector<double> stepped(std::vector<double> scores) {
    for (double& s : scores) s = std::round(4 * s) / 4;
    return scores;
  }

  Ranking ranking_;
  std::vector<uint32_t> copies_;
};

TEST_P(WeightedFigures, AreThoseOfTheWrittenOutResample) {
  const WeightedRanking trials(ranking_, copies_);
  const Expanded scores = expand(trials);
  const Ranking written_out(scores.bona_fide, scores.spoof);

  EXPECT_DOUBLE_EQ(weighted_det_eer(trials), det_eer(written_out).value);
  EXPECT_NEAR(weighted_min_dcf(trials), min_dcf(written_out).value, 1e-12);
  EXPECT_NEAR(weighted_cllr(trials), cllr(scores.bona_fide, scores.spoof), 1e-12);
  const auto weights = revised_tandem_weights(kAsvspoof5AsvRates);
  EXPECT_NEAR(weighted_min_tandem_dcf(trials, weights), min_tandem_dcf(written_out, weights).value,
              1e-12);
}

INSTANTIATE_TEST_SUITE_P(Seeds, WeightedFigures, testing::Range(uint64_t{0}, uint64_t{50}));

TEST(PlainResampler, DrawsAsManyTrialsAsThereAre) {
  Random random(1);
  std::vector<uint32_t> copies(1001);

  plain_resampler()->draw(random, copies);

  EXPECT_EQ(std::accumulate(copies.begin(), copies.end(), 0u), 1001u);
}

TEST(StratifiedResampler, KeepsTheSizeOfEachStratum) {
  const std::vector<uint8_t> stratum = {0, 1, 0, 1, 1};
  Random random(2);
  std::vector<uint32_t> copies(5);

  stratified_resampler(stratum)->draw(random, copies);

  EXPECT_EQ(copies[0] + copies[2], 2u);
  EXPECT_EQ(copies[1] + copies[3] + copies[4], 3u);
}

TEST(ClusteredResampler, LeavesWholeSpeakersOut) {
  std::vector<uint32_t> speaker(300);
  for (uint32_t i = 0; i < 300; ++i) speaker[i] = i / 100;
  std::vector<uint32_t> copies(300);
  bool left_out = false;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed);
    clustered_resampler(speaker)->draw(random, copies);
    left_out = left_out || std::accumulate(copies.begin(), copies.begin() + 100, 0u) == 0;
  }

  EXPECT_TRUE(left_out);
  EXPECT_EQ(std::accumulate(copies.begin(), copies.end(), 0u), 300u);
}

TEST(JointResampler, WeighsATrialByBothItsSpeakers) {
  const std::vector<uint32_t> first = {0, 0, 1, 1};
  const std::vector<uint32_t> second = {0, 1, 0, 1};
  Random random(3);
  std::vector<uint32_t> copies(4);

  joint_resampler(first, second)->draw(random, copies);

  EXPECT_EQ(copies[0] + copies[3], 2u);
  EXPECT_EQ(copies[1], copies[0] * copies[3]);
  EXPECT_EQ(copies[2], copies[1]);
}

TEST(PercentileInterval, InterpolatesLikeNumpy) {
  const Interval interval = percentile_interval({4, 1, 2, 3}, 0.5);

  EXPECT_DOUBLE_EQ(interval.low, 1.75);
  EXPECT_DOUBLE_EQ(interval.high, 3.25);
}

TEST(Bootstrap, CoversTheTruthAboutAsOftenAsItSays) {
  const double truth = 0.5 * std::erfc(1 / std::sqrt(2.0));
  int covered = 0;
  for (uint64_t i = 0; i < 100; ++i) {
    const auto result =
        evaluate_detector(normal_scores(200, 1, 1, 1000 + i), normal_scores(200, -1, 1, 2000 + i),
                          {.resamples = 200, .seed = i});
    covered += result.eer.interval->low <= truth && truth <= result.eer.interval->high ? 1 : 0;
  }

  EXPECT_GE(covered, 86);
}

TEST(Bootstrap, IsReproducible) {
  const auto bona_fide = normal_scores(50, 1, 1, 1);
  const auto spoof = normal_scores(50, -1, 1, 2);

  const auto one = evaluate_detector(bona_fide, spoof, {.resamples = 50, .seed = 7});
  const auto two = evaluate_detector(bona_fide, spoof, {.resamples = 50, .seed = 7});

  EXPECT_EQ(one.eer.interval->low, two.eer.interval->low);
}

TEST(Bootstrap, BySpeakerNeedsSpeakers) {
  EXPECT_THROW(evaluate_detector(std::vector{1.0}, std::vector{0.0},
                                 {.resamples = 10, .resampling = Resampling::kSpeaker}),
               UsageError);
}

TEST(Bootstrap, ByBothSpeakersNeedsClaims) {
  const TrialSpeakers speakers{{0, 1}, {}};

  EXPECT_THROW(evaluate_detector(std::vector{1.0}, std::vector{0.0},
                                 {.resamples = 10, .resampling = Resampling::kJoint}, speakers),
               UsageError);
}

TEST(Resamplings, AreFoundByName) {
  for (const Resampling r :
       {Resampling::kPlain, Resampling::kStratified, Resampling::kSpeaker, Resampling::kJoint}) {
    EXPECT_EQ(parse_resampling(name_of(r)), r);
  }
  EXPECT_THROW(parse_resampling("magic"), UsageError);
}

class IntervalOfVariant : public testing::TestWithParam<EerVariant> {};

TEST_P(IntervalOfVariant, HoldsItsPointEstimate) {
  const auto result = evaluate_detector(normal_scores(300, 1, 1, 31), normal_scores(400, -1, 1, 32),
                                        {.eer = GetParam(), .resamples = 200});

  ASSERT_TRUE(result.eer.interval);
  EXPECT_LT(result.eer.interval->low, result.eer.value);
  EXPECT_GT(result.eer.interval->high, result.eer.value);
}

INSTANTIATE_TEST_SUITE_P(Variants, IntervalOfVariant,
                         testing::Values(EerVariant::kDet, EerVariant::kBrentq,
                                         EerVariant::kDetCurve, EerVariant::kVox,
                                         EerVariant::kArena, EerVariant::kRocch,
                                         EerVariant::kWespeaker));

TEST(EvaluateDetector, GivesTheReasonOfARefusedTandemCost) {
  const auto result = evaluate_detector(std::vector{1.0, 1.0}, std::vector{0.0},
                                        {.asv = AsvSystem{.rates = kAsvspoof5AsvRates}});

  EXPECT_FALSE(result.legacy_tandem_dcf);
  EXPECT_NE(result.reasons.at("min_tdcf_legacy").find("distinct"), std::string::npos);
}

TEST(EvaluateDetector, RefusesNan) {
  EXPECT_THROW(evaluate_detector(std::vector{std::nan("")}, std::vector{0.0}), Error);
}

}  // namespace
}  // namespace bonafide
