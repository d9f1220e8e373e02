#include "base/stretch.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "error_text.h"

namespace bonafide {
namespace {

using Fields = std::vector<std::string>;

std::optional<Excerpt> read(const Fields& header, const Fields& fields) {
  return StretchColumns(header).read(fields);
}

std::string complaint(const Fields& header, const Fields& fields) {
  return error_text<UsageError>([&] { StretchColumns(header).expect_whole(fields); });
}

TEST(StretchColumns, ReadSecondsUnderTheNamesOfOtherToolkits) {
  const std::vector<Fields> headers = {
      {"start", "end"},           {"Start Time", "End Time"}, {"begin", "END"},
      {"start_time", "end_time"}, {"onset", "duration"},      {"offset", "dur"},
      {"tmin", "tmax"},           {"starttime", "stoptime"},  {"start-sec", "end-sec"},
      {"start_s", "end_s"},       {"start (s)", "end (s)"},   {"begin_time", "stop_time"},
      {"segment", "start", "end"}};
  for (const Fields& header : headers) {
    const bool has_length = header[1].starts_with("du");
    Fields fields = {" 4.5 ", has_length ? "1.5" : "6"};
    if (header.size() == 3) fields.insert(fields.begin(), "x");
    const auto stretch = read(header, fields);
    ASSERT_TRUE(stretch) << header[0];
    EXPECT_EQ(stretch->begin, 4.5) << header[0];
    EXPECT_EQ(stretch->end, 6) << header[0];
    EXPECT_EQ(stretch->unit, Excerpt::Unit::kSeconds) << header[0];
  }
}

TEST(StretchColumns, ReadSamplesMillisecondsAndMinutes) {
  for (const Fields& header : std::vector<Fields>{
           {"start", "stop"}, {"start_sample", "end_sample"}, {"sample_start", "sample_end"}}) {
    const auto stretch = read(header, {"64000", "128000"});
    ASSERT_TRUE(stretch) << header[0];
    EXPECT_EQ(stretch->unit, Excerpt::Unit::kSamples) << header[0];
    EXPECT_EQ(stretch->end, 128000) << header[0];
  }
  EXPECT_EQ(read({"start_ms", "end_ms"}, {"1500", "2000"})->begin, 1.5);
  EXPECT_EQ(read({"start", "end"}, {"1:02.5", "0:01:03"})->begin, 62.5);
  EXPECT_EQ(read({"frame_offset"}, {"16000"})->unit, Excerpt::Unit::kSamples);
}

TEST(StretchColumns, KnowTheirWordsBesideUnitsAndWhatIsCut) {
  for (const char* name : {"Begin Time (s)",
                           "start_time_s",
                           "start_time_ms",
                           "start_timestamp",
                           "segment_start",
                           "seg_start",
                           "segment_start_time",
                           "begtime",
                           "beg",
                           "from",
                           "t0",
                           "start_idx",
                           "start_index",
                           "startSec",
                           "startMs",
                           "startSample",
                           "startframe",
                           "start(ms)",
                           "start.time",
                           "start_us",
                           "start_ns",
                           "start_min",
                           "offset_in_samples",
                           "start_in_seconds",
                           "audio_offset",
                           "vad_start",
                           "clip_start",
                           "chunkStart",
                           "first_sample",
                           "endSample"}) {
    EXPECT_NE(complaint({"path", name}, {"a.wav", "1.25"}).find(name), std::string::npos) << name;
  }
  EXPECT_EQ(read({"t0", "t1"}, {"1", "2"})->end, 2);
  EXPECT_EQ(read({"from", "to"}, {"0", "2"})->end, 2);
  EXPECT_EQ(read({"start_min"}, {"2"})->begin, 120);
}

TEST(StretchColumns, PassOverWordsOfPeopleAndFiles) {
  for (const char* name : {"from", "first", "t0"}) {
    EXPECT_FALSE(read({name, "to"}, {"Paris", "Rome"})) << name;
  }
  EXPECT_TRUE(StretchColumns({"to", "last"}).empty());
}

TEST(StretchColumns, TakeADurationAloneForThatOfAWholeRecording) {
  EXPECT_FALSE(read({"ID", "duration", "wav"}, {"a", "4.0", "a.wav"}));
  EXPECT_TRUE(StretchColumns({"ID", "duration", "label"}).empty());
}

TEST(StretchColumns, TakeABeginningAtZeroWithoutAnEndForTheWhole) {
  for (const char* nothing : {"", " ", "-", "null", "None", "NaN", "-1", "inf"}) {
    EXPECT_FALSE(read({"start", "end"}, {"0", nothing})) << nothing;
  }
  EXPECT_FALSE(read({"start", "stop", "duration"}, {"", "", "4"}));
  EXPECT_FALSE(read({"offset"}, {"0.000"}));
}

TEST(StretchColumns, TakeABeginningAtZeroWithAnEndForAStretch) {
  EXPECT_TRUE(read({"start", "end"}, {"0", "4"}));
  EXPECT_TRUE(read({"offset", "duration"}, {"0", "4"}));
  EXPECT_TRUE(read({"stop"}, {"4"}));
}

TEST(StretchColumns, NameColumnAndValueOfWhatIsRefused) {
  EXPECT_EQ(complaint({"path", "Offset"}, {"a.wav", "4.0"}),
            "column \"Offset\": 4.0 means a stretch of the recording, which is not told from its "
            "others here");
  EXPECT_EQ(complaint({"start", "end"}, {"0", "4"}),
            "column \"end\": 4 means a stretch of the recording, which is not told from its others "
            "here (leave the columns empty where all of it is meant)");
  EXPECT_EQ(complaint({"start", "offset"}, {"0", "-2"}),
            "column \"offset\": -2 is no stretch of a recording");
  EXPECT_EQ(complaint({"start", "end"}, {"4", "4.0"}),
            "column \"start\": 4 with 4.0 in \"end\" is no stretch of a recording");
  EXPECT_EQ(complaint({"start_sample", "end"}, {"16000", "4"}),
            "columns \"start_sample\" and \"end\": samples and seconds in one row");
  EXPECT_EQ(complaint({"start_time"}, {"Monday"}),
            "column \"start_time\": \"Monday\" is not a time within a recording (rename the column "
            "if it means something else)");
}

TEST(StretchColumns, PassOverColumnsOfOtherNames) {
  for (const char* name :
       {"restart",    "member_offset", "frames",     "time",      "s",           "",
        "_",          "ending",        "segments",   "stopwords", "from_corpus", "start_date",
        "end_to_end", "offset_db",     "first_name", "last_name", "endpoint",    "source_start_id",
        "seconds",    "lifetime"}) {
    EXPECT_TRUE(StretchColumns({name}).empty()) << name;
    EXPECT_FALSE(is_stretch_column(name)) << name;
  }
  EXPECT_TRUE(is_stretch_column("Duration"));
}

}  // namespace
}  // namespace bonafide
