#include "metrics/localisation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/random.h"
#include "error_text.h"

namespace bonafide {
namespace {

LabelledSpans spans(const std::string& text) { return parse_rttm(text, "labels"); }
FrameScores frames(const std::string& text) { return parse_frame_scores(text, "scores"); }

constexpr const char* kRttm =
    "SPEAKER a 1 0 0.04 <NA> <NA> bonafide <NA> <NA>\n"
    "SPEAKER a 1 0.04 0.04 <NA> <NA> spoof <NA> <NA>\n";

TEST(Rttm, HasSpansOfEachRecording) {
  const LabelledSpans read = spans(kRttm);

  ASSERT_EQ(read.at("a").size(), 2u);
  EXPECT_TRUE(read.at("a")[0].bona_fide);
  EXPECT_DOUBLE_EQ(read.at("a")[1].end, 0.08);
}

TEST(Rttm, NamesTheLineThatIsWrong) {
  for (const char* line : {"SPEAKER a 1 0 x <NA> <NA> spoof <NA> <NA>\n",
                           "SPEAKER a 1 0 1 <NA> <NA> noise <NA> <NA>\n", "SPEAKER a 1 0 1 spoof\n",
                           "SPEAKER a 1 -5 1 <NA> <NA> spoof <NA> <NA>\n",
                           "SPEAKER a 1 0 inf <NA> <NA> spoof <NA> <NA>\n"}) {
    EXPECT_THAT(error_text<UsageError>([&] { spans(std::string(kRttm) + line); }),
                testing::HasSubstr("labels: line 3: "))
        << line;
  }
}

TEST(FrameScores, MustCountTheirFrames) {
  EXPECT_EQ(frames("a 0 0.5\na 1 0.7 0.3 1\n").at("a"), (std::vector{0.5, 0.7}));
  EXPECT_THROW(frames("a 0 0.5\na 2 0.7\n"), UsageError);
  EXPECT_THROW(frames("a 0 nan\n"), UsageError);
  EXPECT_THROW(frames("a 0\n"), UsageError);
}

TEST(Localisation, IsPerfectWhenTheScoresFollowTheLabels) {
  const auto result = evaluate_localisation(frames("a 0 2\na 1 3\na 2 -1\na 3 -2\n"), spans(kRttm));

  EXPECT_EQ(result.bona_fide_frames, 2u);
  EXPECT_NEAR(result.spoof_seconds, 0.04, 1e-12);
  EXPECT_EQ(result.point_eer, 0);
  EXPECT_NEAR(result.range_eer, 0, 1e-12);
}

TEST(Localisation, CutsFramesAtTheBordersOfSpans) {
  // The second of three frames lies half in each span. Rejected or accepted, it takes a third of
  // one class's time to the wrong side and nothing of the other's.
  const auto labels = spans(
      "SPEAKER a 1 0 0.03 <NA> <NA> bonafide <NA> <NA>\n"
      "SPEAKER a 1 0.03 0.03 <NA> <NA> spoof <NA> <NA>\n");

  const auto result = evaluate_localisation(frames("a 0 3\na 1 2\na 2 1\n"), labels);

  EXPECT_NEAR(result.range_eer, (1.0 / 3 + 0) / 2, 1e-12);
}

TEST(Localisation, StretchesTheLastFrameToTheEnd) {
  const auto labels = spans(
      "SPEAKER a 1 0 0.02 <NA> <NA> bonafide <NA> <NA>\n"
      "SPEAKER a 1 0.02 0.13 <NA> <NA> spoof <NA> <NA>\n");

  const auto result = evaluate_localisation(frames("a 0 1\na 1 0\n"), labels);

  EXPECT_NEAR(result.spoof_seconds, 0.13, 1e-12);
}

TEST(Localisation, LeavesFramesOutThatNoSpanCovers) {
  const auto scores = frames("a 0 2\na 1 3\na 2 -1\na 3 -2\na 4 -3\na 5 -3\n");

  const auto result = evaluate_localisation(scores, spans(kRttm));
  const auto official = evaluate_localisation(scores, spans(kRttm), {.official = true});

  EXPECT_EQ(result.bona_fide_frames, 2u);
  EXPECT_EQ(result.spoof_frames, 2u);
  EXPECT_EQ(result.point_eer, 0);
  EXPECT_EQ(official.bona_fide_frames, 4u);
}

TEST(Localisation, GivesAPartOfAFrameAtTheEndItsOwnLabel) {
  const auto labels = spans(
      "SPEAKER a 1 0 0.04 <NA> <NA> bonafide <NA> <NA>\n"
      "SPEAKER a 1 0.04 0.025 <NA> <NA> spoof <NA> <NA>\n");

  const auto result = evaluate_localisation(frames("a 0 2\na 1 3\na 2 -1\na 3 -2\n"), labels);

  EXPECT_EQ(result.bona_fide_frames, 2u);
  EXPECT_EQ(result.spoof_frames, 2u);
}

TEST(Localisation, ByHistogramIsNearTheExactValue) {
  Random random(4);
  std::string scores;
  std::string labels;
  for (int recording = 0; recording < 40; ++recording) {
    labels += "SPEAKER r" + std::to_string(recording) + " 1 0 0.513 <NA> <NA> bonafide <NA> <NA>\n";
    labels += "SPEAKER r" + std::to_string(recording) + " 1 0.513 0.4 <NA> <NA> spoof <NA> <NA>\n";
    for (int i = 0; i < 46; ++i) {
      const double score = (i < 26 ? 1 : -1) + random.normal();
      scores += "r" + std::to_string(recording) + " " + std::to_string(i) + " " +
                std::to_string(score) + "\n";
    }
  }

  const auto exact = evaluate_localisation(frames(scores), spans(labels));
  const auto official = evaluate_localisation(frames(scores), spans(labels), {.official = true});

  EXPECT_NEAR(exact.range_eer, official.range_eer, 1e-3);
  EXPECT_NEAR(exact.range_eer, exact.point_eer, 0.02);
  EXPECT_GT(exact.range_eer, 0.1);
}

TEST(Localisation, NamesRecordingsThatOnlyOneSideHas) {
  EXPECT_THAT(
      error_text<UsageError>([&] { evaluate_localisation(frames("b 0 1\n"), spans(kRttm)); }),
      testing::HasSubstr(": a"));
}

TEST(Localisation, NeedsBothClasses) {
  EXPECT_THROW(evaluate_localisation(frames("a 0 1\n"),
                                     spans("SPEAKER a 1 0 1 <NA> <NA> spoof <NA> <NA>\n")),
               Error);
}

}  // namespace
}  // namespace bonafide
