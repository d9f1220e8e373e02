#pragma once

#include <cstddef>
#include <optional>

#include "checkpoint/model_file.h"
#include "scoring/calibration.h"

namespace bonafide {

struct ScoringOptions {
  int sample_rate = 16000;  // Hz, of the model
  size_t samples = 64600;   // greatest length of a window
  size_t batch_size = 1;    // windows scored at once; a processor is fastest with one
  size_t loaders = 2;       // threads that read and decode
  bool segments = false;    // also score every window of the recording, one after another
  std::optional<Calibration> calibration;

  // With the rate, window and calibration that a model file asks for. Throws Error, naming the
  // model, for values that make no sense.
  static ScoringOptions of(const ModelDescription& model);
};

}  // namespace bonafide
