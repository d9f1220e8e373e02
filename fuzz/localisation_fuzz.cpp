#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "metrics/localisation.h"
#include "metrics/segment_scores.h"

// RTTM and scores of frames or segments: whatever the bytes, an answer or one Error. The input is
// cut in two at the first zero byte: labels, scores.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace bonafide;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto zero = text.find('\0');
  try {
    const LabelledSpans labels = parse_rttm(text.substr(0, zero), "labels");
    if (zero == std::string_view::npos) return 0;
    const std::string_view rows = text.substr(zero + 1);
    if (holds_json_rows(rows)) {
      const SegmentScores segments = parse_segment_scores(rows, "scores");
      evaluate_localisation(segments.scores, labels, {.frame = segments.seconds});
      return 0;
    }
    const FrameScores scores = parse_frame_scores(rows, "scores");
    evaluate_localisation(scores, labels);
    evaluate_localisation(scores, labels, {.official = true});
  } catch (const Error&) {
  }
  return 0;
}
