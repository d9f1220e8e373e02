#include "metrics/segment_scores.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "error_text.h"

namespace bonafide {
namespace {

std::string message_of(std::string_view text) {
  return error_text<UsageError>([&] { parse_segment_scores(text, "scores"); });
}

TEST(SegmentScores, AreNamedByFileAndHaveOneLength) {
  const auto segments = parse_segment_scores(
      R"({"file": "a/r1.wav", "segments": [{"start": 0, "end": 1, "score": 3}]})"
      "\n\n"
      R"({"file": "a/r2.flac", "segments": [{"start": 0, "end": 4, "score": 1},)"
      R"( {"start": 4, "end": 5.5, "score": -2}]})"
      "\n",
      "scores");

  EXPECT_EQ(segments.seconds, 4);
  EXPECT_EQ(segments.scores.at("r1"), std::vector<double>{3});
  EXPECT_EQ(segments.scores.at("r2"), (std::vector<double>{1, -2}));
}

TEST(SegmentScores, AreScoresOfFramesForTheRangeEer) {
  const auto segments = parse_segment_scores(
      R"({"file": "r", "segments": [{"start": 0, "end": 2, "score": 1},)"
      R"( {"start": 2, "end": 4, "score": -1}, {"start": 4, "end": 5, "score": 0}]})",
      "scores");
  const auto labels = parse_rttm(
      "SPEAKER r 1 0 2 <NA> <NA> bonafide <NA> <NA>\nSPEAKER r 1 2 3 <NA> <NA> spoof <NA> <NA>\n",
      "labels");

  const auto result = evaluate_localisation(segments.scores, labels, {.frame = segments.seconds});

  EXPECT_EQ(result.range_eer, 0);
  EXPECT_NEAR(result.spoof_seconds, 3, 1e-12);
}

TEST(SegmentScores, MustFollowOneAnother) {
  EXPECT_EQ(message_of(R"({"file": "r", "segments": [{"start": 1, "end": 2, "score": 1}]})"),
            "scores: line 1: r: a segment that does not begin at 0 s, where the one before ended");
}

TEST(SegmentScores, MustHaveOneLengthButForTheLast) {
  EXPECT_EQ(message_of(R"({"file": "q", "segments": [{"start": 0, "end": 4, "score": 1}]})"
                       "\n"
                       R"({"file": "r", "segments": [{"start": 0, "end": 3, "score": 1},)"
                       R"( {"start": 3, "end": 5, "score": 1}]})"),
            "scores: line 2: r: a segment that ends at 3 s; of 4 s each, it should end at 4 s");
}

TEST(SegmentScores, NameTheLineThatHasNone) {
  EXPECT_EQ(message_of("{\"file\": \"r\"}\n"),
            "scores: line 1: r: no segments; `bonafide score --segments --format jsonl` writes "
            "them");
  EXPECT_EQ(message_of("\n{\"file\"\n"), "scores: line 2: no JSON");
  EXPECT_EQ(message_of(R"({"file": "r", "segments": [{"start": 0, "end": 4}]})"),
            "scores: line 1: a segment without a number \"score\"");
}

TEST(SegmentScores, RefuseARecordingThatStandsTwice) {
  const std::string row = R"({"file": "r", "segments": [{"start": 0, "end": 4, "score": 1}]})";

  EXPECT_EQ(message_of(row + "\n" + row), "scores: line 2: r stands twice");
}

}  // namespace
}  // namespace bonafide
