#include "scoring/judgement.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/error.h"

namespace bonafide {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Calibration calibration() { return {.scale = 2, .bias = 1}; }

TEST(Judge, TakesTheFirstWindowAlone) {
  const WindowScore windows[] = {{0, 3}, {4, -5}};

  const Judgement judgement = judge(windows, Over::kFirst, calibration(), false);

  EXPECT_EQ(judgement.score, 3);
  EXPECT_EQ(judgement.llr, 7);
  EXPECT_EQ(judgement.verdict, Verdict::kBonaFide);
  EXPECT_EQ(judgement.detail, "");
}

TEST(Judge, TakesTheMeanOfScoresAndOfRatios) {
  const WindowScore windows[] = {{0, 3}, {4, -5}, {8, 0.5}};

  const Judgement judgement = judge(windows, Over::kMean, calibration(), false);

  EXPECT_DOUBLE_EQ(judgement.score.value(), -0.5);
  EXPECT_DOUBLE_EQ(judgement.llr.value(), 0);
  EXPECT_EQ(judgement.verdict, Verdict::kInconclusive);
  EXPECT_EQ(judgement.detail, "over mean: 3 windows");
}

TEST(Judge, TakesTheLowestScore) {
  const WindowScore windows[] = {{0, 3}, {4, -5}, {8, 0.5}};

  const Judgement judgement = judge(windows, Over::kWorst, calibration(), false);

  EXPECT_EQ(judgement.score, -5);
  EXPECT_EQ(judgement.llr, -9);
  EXPECT_EQ(judgement.verdict, Verdict::kSpoof);
  EXPECT_EQ(judgement.detail, "over worst: 3 windows, at 4.00 s");
}

TEST(Judge, GivesThePartsOfTheSameWindows) {
  const WindowScore windows[] = {{0, 3, "", {1, 2}, {5}}, {4, -5, "", {3, 4}, {7}}};

  EXPECT_EQ(judge(windows, Over::kFirst, {}, false).parts, (std::vector<float>{1, 2}));
  EXPECT_EQ(judge(windows, Over::kMean, {}, false).parts, (std::vector<float>{2, 3}));
  EXPECT_EQ(judge(windows, Over::kMean, {}, false).embedding, std::vector<float>{6});
  EXPECT_EQ(judge(windows, Over::kWorst, {}, false).embedding, std::vector<float>{7});
}

TEST(Judge, LeavesSilentWindowsAndFailuresOutOfMeansAndLowestScores) {
  const WindowScore windows[] = {{0, 3}, {4, -50, "digital silence"}, {8, kNaN}, {12, 1}};

  EXPECT_DOUBLE_EQ(judge(windows, Over::kMean, {}, false).score.value(), 2);
  EXPECT_EQ(judge(windows, Over::kWorst, {}, false).score, 1);
  EXPECT_EQ(judge(windows, Over::kMean, {}, false).detail, "over mean: 2 of 4 windows");
}

TEST(Judge, ConcludesNothingFromSilence) {
  const WindowScore first[] = {{0, 3, "digital silence"}, {4, 1}};
  const WindowScore all[] = {{0, 3, "digital silence"}, {4, 1, "digital silence"}};

  const Judgement of_first = judge(first, Over::kFirst, calibration(), false);
  const Judgement of_mean = judge(all, Over::kMean, calibration(), true);

  EXPECT_EQ(of_first.score, 3);
  EXPECT_EQ(of_first.llr, std::nullopt);
  EXPECT_EQ(of_first.verdict, Verdict::kInconclusive);
  EXPECT_EQ(of_first.detail, "digital silence in the scored stretch");
  EXPECT_EQ(of_mean.score, 2);
  EXPECT_EQ(of_mean.verdict, Verdict::kInconclusive);
  EXPECT_EQ(of_mean.llr, std::nullopt);
}

TEST(Judge, SaysThatAModelGaveNoNumber) {
  const WindowScore windows[] = {{0, kNaN}, {4, kNaN}};

  for (const Over over : {Over::kFirst, Over::kMean, Over::kWorst}) {
    const Judgement judgement = judge(windows, over, calibration(), false);

    EXPECT_EQ(judgement.score, std::nullopt);
    EXPECT_EQ(judgement.detail, "the model's score is nan");
  }
}

TEST(ParseOver, KnowsItsWords) {
  for (const Over over : {Over::kFirst, Over::kMean, Over::kWorst}) {
    EXPECT_EQ(parse_over(name_of(over)), over);
  }
  EXPECT_THROW(parse_over("best"), UsageError);
}

}  // namespace
}  // namespace bonafide
