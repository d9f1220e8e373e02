#include "scoring/row_writer.h"

#include <gtest/gtest.h>

#include <sstream>

#include "base/csv.h"
#include "base/error.h"
#include "base/json_value.h"
#include "error_text.h"

namespace bonafide {
namespace {

ScoreRow scored() {
  ScoreRow row;
  row.file = "set/LA_E_1.flac";
  row.score = 1.23456789012;
  row.llr = -2.5;
  row.probability = 0.0759;
  row.verdict = Verdict::kSpoof;
  row.seconds = 4.25;
  return row;
}

ScoreRow failed() {
  ScoreRow row;
  row.file = "b.wav";
  row.detail = "no samples";
  return row;
}

std::string written(ScoreFormat format, const std::vector<ScoreRow>& rows) {
  std::ostringstream stream;
  RowWriter writer(stream, format);
  for (const ScoreRow& row : rows) writer.write(row);
  return stream.str();
}

TEST(RowWriter, WritesCsvWithAHeaderAndAReasonForFailures) {
  EXPECT_EQ(written(ScoreFormat::kCsv, {scored(), failed()}),
            "file,score,llr,probability,verdict,seconds,detail\n"
            "set/LA_E_1.flac,1.23456789,-2.5,0.0759,spoof,4.250,\n"
            "b.wav,,,,,,no samples\n");
}

TEST(RowWriter, LeavesCalibratedFieldsEmptyWithoutACalibration) {
  ScoreRow row;
  row.file = "a.wav";
  row.score = -3;
  row.seconds = 1;

  EXPECT_EQ(written(ScoreFormat::kCsv, {row}),
            "file,score,llr,probability,verdict,seconds,detail\na.wav,-3,,,,1.000,\n");
}

TEST(RowWriter, WritesCsvThatCanBeReadBackWhateverTheName) {
  ScoreRow row = scored();
  row.file = "comma, \"quote\"\nline\xFF.wav";

  const std::string text = written(ScoreFormat::kCsv, {row});

  CsvReader reader(text, "scores");
  reader.next();
  EXPECT_EQ(reader.next().value().at(0), row.file);
}

TEST(RowWriter, WritesOneJsonObjectALine) {
  ScoreRow row = scored();
  row.segments = {{0, 2, 1.5}, {2, 4.25, -1, "digital silence"}};

  const std::string text = written(ScoreFormat::kJsonl, {row, failed()});

  const size_t end = text.find('\n');
  EXPECT_EQ(Json::parse(text.substr(0, end)),
            Json::parse(R"({"file": "set/LA_E_1.flac", "score": 1.23456789, "llr": -2.5,
                "probability": 0.0759, "verdict": "spoof", "seconds": 4.25, "over": "first", "detail": "",
                "segments": [{"start": 0.0, "end": 2.0, "score": 1.5},
                             {"start": 2.0, "end": 4.25, "score": -1.0,
                              "detail": "digital silence"}]})"));
  EXPECT_EQ(Json::parse(text.substr(end + 1)),
            Json::parse(R"({"file": "b.wav", "score": null, "llr": null, "probability": null,
                "verdict": null, "seconds": null, "over": "first", "detail": "no samples"})"));
}

TEST(RowWriter, WritesJsonForANameThatIsNoUtf8) {
  ScoreRow row = failed();
  row.file = "\xFF\n.wav";

  EXPECT_EQ(Json::parse(written(ScoreFormat::kJsonl, {row})).at("file"), "\uFFFD\n.wav");
}

TEST(RowWriter, WritesWhatTheChallengesReadWithoutTheFailures) {
  const std::vector<ScoreRow> rows = {scored(), failed()};

  EXPECT_EQ(written(ScoreFormat::kArena, rows), "LA_E_1 1.234568\n");
  EXPECT_EQ(written(ScoreFormat::kAsvspoof2019, rows), "LA_E_1 - - 1.23456789\n");
  EXPECT_EQ(written(ScoreFormat::kAsvspoof2021, rows), "LA_E_1 1.23456789\n");
  EXPECT_EQ(written(ScoreFormat::kAsvspoof5, rows), "filename\tcm-score\nLA_E_1\t1.23456789\n");
  EXPECT_EQ(written(ScoreFormat::kRat, rows), "LA_E_1.flac,1.23456789,nan\n");
}

TEST(RowWriter, KeepsAnUtteranceOnItsLine) {
  ScoreRow row = scored();
  row.file = "a\n\tb.wav";

  EXPECT_EQ(written(ScoreFormat::kArena, {row}), "a\\n\\x09b 1.234568\n");
}

TEST(RowWriter, ObjectsToBlanksInNamesWhereColumnsEndAtThem) {
  EXPECT_EQ(objection_to("set/a b.wav", ScoreFormat::kAsvspoof2021),
            "a blank in the name, which the format asvspoof2021 cannot hold; csv and jsonl can");
  for (const ScoreFormat format : {ScoreFormat::kArena, ScoreFormat::kAsvspoof2019}) {
    EXPECT_NE(objection_to("a b.wav", format), "");
    EXPECT_EQ(objection_to("my set/a\tb.wav", format), "");
  }
  for (const ScoreFormat format :
       {ScoreFormat::kCsv, ScoreFormat::kJsonl, ScoreFormat::kAsvspoof5}) {
    EXPECT_EQ(objection_to("a b.wav", format), "");
  }
}

TEST(RowWriter, SaysWhenTheStreamTakesNoMore) {
  std::ostringstream stream;
  stream.setstate(std::ios::badbit);

  EXPECT_EQ(error_text([&] { RowWriter(stream, ScoreFormat::kCsv, "out/full.csv"); }),
            "out/full.csv: cannot be written (is the disk full?)");
}

TEST(ScoreFormat, IsKnownByName) {
  EXPECT_EQ(parse_score_format("csv"), ScoreFormat::kCsv);
  EXPECT_EQ(parse_score_format("asvspoof5"), ScoreFormat::kAsvspoof5);
  EXPECT_THROW(parse_score_format("xml"), UsageError);
}

TEST(RowWriter, WritesWhatAScoreIsMadeOf) {
  ScoreRow row = scored();
  row.parts = {{"margin", 0.5F}};
  row.over = Over::kMean;

  const Json json = Json::parse(written(ScoreFormat::kJsonl, {row}));

  EXPECT_EQ(json["parts"]["margin"], 0.5);
  EXPECT_EQ(json["over"], "mean");
}

TEST(MarkUnnameable, RefusesTwoRecordingsOfOneNameWhereTheFormatHasNoMore) {
  const std::filesystem::path one = "x/a.wav", two = "y/a.flac", other = "b.wav";
  std::vector<Input> inputs = {{one}, {two}, {other}, {one}};
  std::vector<Input> in_csv = inputs;

  mark_unnameable(inputs, ScoreFormat::kAsvspoof5);
  mark_unnameable(in_csv, ScoreFormat::kCsv);

  EXPECT_EQ(inputs[0].trouble.substr(0, 30), "y/a.flac has the same name, by");
  EXPECT_EQ(inputs[1].trouble.substr(0, 29), "x/a.wav has the same name, by");
  EXPECT_EQ(inputs[2].trouble, "");
  for (const Input& input : in_csv) EXPECT_EQ(input.trouble, "");
}

TEST(MarkUnnameable, LetsOneRecordingStandTwice) {
  const std::filesystem::path one = "x/a.wav";
  std::vector<Input> inputs = {{one}, {one}};

  mark_unnameable(inputs, ScoreFormat::kArena);

  EXPECT_EQ(inputs[0].trouble + inputs[1].trouble, "");
}

}  // namespace
}  // namespace bonafide
