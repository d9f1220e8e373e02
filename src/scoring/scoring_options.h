#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "audio/audio_cache.h"
#include "audio/crop.h"
#include "audio/sample_rate.h"
#include "checkpoint/model_file.h"
#include "scoring/calibration.h"
#include "scoring/judgement.h"
#include "scoring/reference_sound.h"

namespace bonafide {

inline constexpr int kLongestWindow = 1 << 24;  // samples, 17 minutes at 16 kHz

struct ScoringOptions {
  int sample_rate = 16000;            // Hz, of the model
  size_t samples = 64600;             // greatest length of a window
  size_t batch_size = 0;              // windows scored at once; 0: as many as the backend does best
  size_t loaders = 2;                 // threads that read and decode
  bool segments = false;              // also tell the score of every window, one after another
  Over over = Over::kFirst;           // which windows make the recording's score
  Stretch stretch = Stretch::kFirst;  // which window of a long recording is its first
  // Above 0: so many batches' windows wait and are then put together by length, for models that
  // take recordings of any length, of which a batch holds equal ones alone. Rows keep the order of
  // the input.
  size_t buckets = 0;
  const AudioCache* cache = nullptr;  // of decoded recordings; null: decode each time
  std::string precision = "float32";  // of the arithmetic, which rows tell
  std::optional<Calibration> calibration;
  ReferenceSound reference_sound = {};  // what is done to each reference before it is heard
  uint64_t seed = 0;                    // of noise in it, which depends on both recordings besides

  // With the rate, windows and calibration that a model file asks for. Throws Error, naming the
  // model, for values that make no sense.
  static ScoringOptions of(const ModelDescription& model);
};

}  // namespace bonafide
