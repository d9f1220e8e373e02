#include "metrics/ranking.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "base/error.h"
#include "error_text.h"
#include "metrics/synthetic.h"

namespace bonafide {
namespace {

std::vector<double> scores_of(const Ranking& ranking) {
  std::vector<double> scores;
  for (size_t i = 0; i < ranking.size(); ++i) scores.push_back(ranking.score(i));
  return scores;
}

std::string classes_of(const Ranking& ranking) {
  std::string classes;
  for (size_t i = 0; i < ranking.size(); ++i)
    classes += static_cast<char>('0' + ranking.class_of(i));
  return classes;
}

TEST(Ranking, PutsScoresInAscendingOrder) {
  const Ranking ranking(std::vector{3.0, -1.0}, std::vector{2.0, -5.5, 0.0});

  EXPECT_EQ(scores_of(ranking), (std::vector{-5.5, -1.0, 0.0, 2.0, 3.0}));
  EXPECT_EQ(classes_of(ranking), "10110");
}

TEST(Ranking, KeepsTheOrderOfClassesInsideTies) {
  const std::vector tied = {1.0, 1.0};

  const Ranking ranking({{"target", tied}, {"nontarget", tied}, {"spoof", tied}});

  EXPECT_EQ(classes_of(ranking), "001122");
}

TEST(Ranking, TakesPlusAndMinusZeroForOneScore) {
  const Ranking ranking(std::vector{0.0}, std::vector{-0.0});

  EXPECT_EQ(classes_of(ranking), "01");
}

TEST(Ranking, PutsInfinitiesAtTheEndsAndNanLast) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();

  const Ranking ranking(std::vector{std::nan(""), 0.0, kInfinity}, std::vector{-kInfinity, 1.0});

  EXPECT_EQ(classes_of(ranking), "10100");
  EXPECT_TRUE(ranking.has_nan());
  EXPECT_TRUE(ranking.has_infinity());
}

TEST(Ranking, NamesTheClassWithoutTrials) {
  EXPECT_EQ(error_text([&] { const Ranking ranking(std::vector{1.0}, std::vector<double>{}); }),
            "no spoof trials: each class needs at least one");
}

TEST(Ranking, SortsManyScoresLikeTheLibrary) {
  const auto positives = normal_scores(70000, 1e-3, 1e-4, 1);
  const auto negatives = normal_scores(50000, -1e3, 1e6, 2);
  std::vector<double> expected = positives;
  expected.insert(expected.end(), negatives.begin(), negatives.end());
  std::sort(expected.begin(), expected.end());

  EXPECT_EQ(scores_of(Ranking(positives, negatives)), expected);
}

TEST(Ranking, SortsScoresThatLieCloseTogether) {
  // They differ in the last bits alone.
  std::vector<double> positives;
  for (int i = 0; i < 20000; ++i) positives.push_back(1 + 1e-15 * (i * 7919 % 20011));
  const std::vector<double> negatives(positives.rbegin(), positives.rbegin() + 9000);
  std::vector<double> expected = positives;
  expected.insert(expected.end(), negatives.begin(), negatives.end());
  std::sort(expected.begin(), expected.end());

  EXPECT_EQ(scores_of(Ranking(positives, negatives)), expected);
}

TEST(RankingOrder, SaysWhichTrialHasEachRank) {
  const std::vector positives = {3.0, 1.0};
  const std::vector negatives = {1.0, 0.0};

  const auto order = ranking_order({{"bona fide", positives}, {"spoof", negatives}});

  EXPECT_EQ(order, (std::vector<uint32_t>{3, 1, 2, 0}));
}

}  // namespace
}  // namespace bonafide
