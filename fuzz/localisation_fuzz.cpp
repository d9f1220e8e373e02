#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "metrics/localisation.h"

// RTTM and frame scores: whatever the bytes, an answer or one Error. The input is cut in two at the
// first zero byte: labels, scores.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace bonafide;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto zero = text.find('\0');
  try {
    const LabelledSpans labels = parse_rttm(text.substr(0, zero), "labels");
    if (zero == std::string_view::npos) return 0;
    const FrameScores scores = parse_frame_scores(text.substr(zero + 1), "scores");
    evaluate_localisation(scores, labels);
    evaluate_localisation(scores, labels, {.official = true});
  } catch (const Error&) {
  }
  return 0;
}
