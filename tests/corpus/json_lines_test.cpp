#include "corpus/json_lines.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/json_value.h"
#include "error_text.h"

namespace bonafide {
namespace {

std::string complaint_about(std::string_view text) {
  return error_text<UsageError>(
      [&] { parse_json_lines(text, "list.jsonl", /*labels_needed=*/true); });
}

TEST(JsonLines, TakeKeysOfOtherToolkitsAndNumbers) {
  const auto trials = parse_json_lines(
      "{\"audio_filepath\": \"a b.wav\", \"duration\": 1.5, \"label\": \"real\", \"speaker\": 12, "
      "\"lang\": \"de\", \"text\": null}\n\n"
      "{\"path\": \"c.wav\", \"offset\": 0, \"duration\": null, \"label\": \"real\"}\n",
      "/d/list.jsonl", true);

  ASSERT_EQ(trials.size(), 2u);
  EXPECT_EQ(trials[0].id, "a b.wav");
  EXPECT_EQ(trials[0].path, "/d/a b.wav");
  EXPECT_EQ(trials[0].speaker, "12");
  EXPECT_EQ(trials[0].language, "de");
}

TEST(JsonLines, KeepNamesThatLookLikeNumbersToTheLastDigit) {
  const auto trials = parse_json_lines(
      "{\"path\": \"a\", \"label\": \"real\", \"speaker\": \"0012\"}\n"
      "{\"path\": \"b\", \"label\": \"real\", \"speaker\": 12345678901234567890}\n",
      "/d/list.jsonl", true);

  EXPECT_EQ(trials[0].speaker, "0012");
  EXPECT_EQ(trials[1].speaker, "12345678901234567890");
  EXPECT_EQ(
      complaint_about("{\"path\": \"a\", \"speaker\": 123456789012345678901234}"),
      "list.jsonl: line 1: \"speaker\" is a number too long to be read exactly; write it as a "
      "text");
}

TEST(JsonLines, RefuseAKeyTwiceAtAnyLevel) {
  EXPECT_EQ(complaint_about(R"({"path": "a", "label": "spoof", "label": "real"})"),
            "list.jsonl: line 1: the key \"label\" twice");
  EXPECT_EQ(complaint_about(R"({"path": "a", "label": "real", "x": [{"y": 1, "y": 2}]})"),
            "list.jsonl: line 1: the key \"y\" twice");
  EXPECT_NO_THROW(parse_json_lines(R"({"path": "a", "label": "real", "x": [{"y": 1}, {"y": 2}]})",
                                   "list.jsonl", true));
}

TEST(JsonLines, AreNeverTheWholeForAStretchInAnInnerObject) {
  for (const char* inner :
       {R"("segment":{"start":1,"end":2})", R"("segments":[[0.5,1]])", R"("custom":{"offset":1})",
        R"("segments":[{"begin":1}])", R"("segment":[1,2])"}) {
    EXPECT_NE(complaint_about(fmt::format(R"({{"path":"a","label":"real",{}}})", inner))
                  .find("means a stretch"),
              std::string::npos)
        << inner;
  }
}

TEST(JsonLines, NameTheLineOfWhatIsBroken) {
  EXPECT_EQ(complaint_about(""), "list.jsonl: lists no recordings");
  EXPECT_EQ(complaint_about("{\"path\": \"a\", \"label\": \"spoof\"}\n{\"path\"\n"),
            "list.jsonl: line 2: not JSON");
  EXPECT_EQ(complaint_about("[1]\n"), "list.jsonl: line 1: not a JSON object");
  EXPECT_EQ(complaint_about("{\"label\": \"spoof\"}"), "list.jsonl: line 1: an empty path");
  EXPECT_EQ(complaint_about("{\"path\": \"a\"}"), "list.jsonl: line 1: no label");
  EXPECT_EQ(complaint_about("{\"path\": [\"a\"]}"),
            "list.jsonl: line 1: \"path\" is neither a text nor a number");
  EXPECT_EQ(complaint_about("{\"path\": \"a\", \"label\": \"spoof\", \"offset\": -2.5}"),
            "list.jsonl: line 1: column \"offset\": -2.5 is no stretch of a recording");
}

std::string with_stretch(std::string_view stretch) {
  return fmt::format("{{\"path\": \"a.wav\", \"label\": \"spoof\", {}}}", stretch);
}

TEST(JsonLines, ReadTheStretchThatTheirKeysMean) {
  const auto read = [](std::string_view stretch) {
    return parse_json_lines(with_stretch(stretch), "list.jsonl", true).front().excerpt;
  };
  EXPECT_EQ(read(R"("start": 4.0, "end": 8.0)"), (Excerpt{.begin = 4, .end = 8}));
  // NeMo's manifests
  EXPECT_EQ(read(R"("offset": "4.0", "duration": "4.5")"), (Excerpt{.begin = 4, .end = 8.5}));
  EXPECT_EQ(read(R"("offset": 0, "duration": 4)"), (Excerpt{.begin = 0, .end = 4}));
  EXPECT_EQ(read(R"("Begin": 1)"), Excerpt{.begin = 1});
  EXPECT_EQ(read(R"("start_sample": 16000, "end_sample": 32000)"),
            (Excerpt{.begin = 16000, .end = 32000, .unit = Excerpt::Unit::kSamples}));
  EXPECT_EQ(read(R"("duration": 4)"), std::nullopt);
}

TEST(JsonLines, AreNeverTheWholeRecordingForAStretchOfIt) {
  for (const char* stretch :
       {R"("start": 2, "end": 1)", R"("end": 0)", R"("start_sample": 4, "end": 8)"}) {
    EXPECT_EQ(complaint_about(with_stretch(stretch)).substr(0, 26), "list.jsonl: line 1: column")
        << stretch;
  }
  EXPECT_NE(complaint_about(with_stretch(R"("start": [1, 2])")).find("\"start\""),
            std::string::npos);
}

TEST(JsonLines, WriteStretchesThatReadTheSame) {
  for (const char* stretch :
       {R"("start": 0.25, "end": 8)", R"("start": 3)", R"("start_sample": 1, "end_sample": 9)"}) {
    const auto trials = parse_json_lines(with_stretch(stretch), "list.jsonl", true);
    const auto again = parse_json_lines(json_line(trials.front()), "list.jsonl", true);
    EXPECT_EQ(again.front().excerpt, trials.front().excerpt) << stretch;
    EXPECT_EQ(again.front().id, trials.front().id);
  }
}

TEST(JsonLines, RefuseNestingWithoutEnd) {
  EXPECT_EQ(complaint_about("{\"path\": " + std::string(100000, '[') + "\n"),
            "list.jsonl: line 1: JSON of too many levels");
}

TEST(JsonLines, CannotHoldBytesThatAreNoUtf8) {
  Trial trial;
  trial.id = "a\xff";
  EXPECT_THROW(json_line(trial), Error);
}

}  // namespace
}  // namespace bonafide
