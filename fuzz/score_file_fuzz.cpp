#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "metrics/detector_trials.h"
#include "trials/trial_table.h"
#include "trials/trials.h"

// Score files and keys: whatever the bytes, an answer or one Error. The input is cut in two at the
// first zero byte: scores, key.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace bonafide;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto zero = text.find('\0');
  try {
    const bool alone = zero == std::string_view::npos;
    TableOptions options{.factors = {"attack", "speaker", "claim", "codec"}};
    options.use = alone ? TableUse::kAlone : TableUse::kScores;
    const auto scores = TrialTable::parse(text.substr(0, zero), "scores", options);
    options.use = TableUse::kKey;
    const Trials trials =
        alone ? labelled_trials(scores)
              : join(scores, TrialTable::parse(text.substr(zero + 1), "key", options),
                     {.partial = true});
    const DetectorScores split = detector_scores(trials);
    evaluate_detector(split.bona_fide, split.spoof, {.resamples = 2}, split.speakers);
  } catch (const Error&) {
  }
  return 0;
}
