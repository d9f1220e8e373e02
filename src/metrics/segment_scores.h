#pragma once

#include <string>
#include <string_view>

#include "metrics/localisation.h"

namespace bonafide {

// Scores of consecutive stretches of recordings, each `seconds` long but for the last of a
// recording, which may be shorter.
struct SegmentScores {
  FrameScores scores;  // by the recording's file name without folder and extension
  double seconds = 0;
};

// The rows that `bonafide score --segments --format jsonl` writes: a JSON object a line with "file"
// and "segments", a list of "start", "end" and "score". Throws UsageError naming file and line for
// anything else, for a recording without segments, for gaps, and for stretches of other lengths.
SegmentScores parse_segment_scores(std::string_view text, const std::string& name);

// Whether a score file has rows of JSON.
bool holds_json_rows(std::string_view text);

}  // namespace bonafide
