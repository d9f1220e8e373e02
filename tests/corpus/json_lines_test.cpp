#include "corpus/json_lines.h"

#include <gtest/gtest.h>

#include "base/error.h"
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
      "\"lang\": \"de\", \"offset\": 0, \"text\": null}\n\n",
      "/d/list.jsonl", true);

  ASSERT_EQ(trials.size(), 1u);
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

TEST(JsonLines, NameTheLineOfWhatIsBroken) {
  EXPECT_EQ(complaint_about(""), "list.jsonl: empty");
  EXPECT_EQ(complaint_about("{\"path\": \"a\", \"label\": \"spoof\"}\n{\"path\"\n"),
            "list.jsonl: line 2: not JSON");
  EXPECT_EQ(complaint_about("[1]\n"), "list.jsonl: line 1: not a JSON object");
  EXPECT_EQ(complaint_about("{\"label\": \"spoof\"}"), "list.jsonl: line 1: an empty path");
  EXPECT_EQ(complaint_about("{\"path\": \"a\"}"), "list.jsonl: line 1: no label");
  EXPECT_EQ(complaint_about("{\"path\": [\"a\"]}"),
            "list.jsonl: line 1: \"path\" is neither a text nor a number");
  EXPECT_EQ(complaint_about("{\"path\": \"a\", \"label\": \"spoof\", \"offset\": 2.5}"),
            "list.jsonl: line 1: \"offset\": stretches of a recording are not read; cut it into "
            "files");
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
