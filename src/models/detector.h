#pragma once

#include <memory>

#include "models/detector_heads.h"
#include "models/network.h"
#include "models/ssl_encoder.h"

namespace bonafide {

// A self-supervised speech encoder with a detector's head on its hidden states; logit 1 is that of
// bona fide speech. By the keys of a recipe's section `model`:
//   encoder                 ssl_encoder.h; its tensors stand below "extractor."
//   head                    detector_heads.h
//   waveform_normalization  utterance (each over its own samples) | none
// Padding counts as sound to the head, as it did in the published trainings. Throws UsageError for
// other keys and values.
std::shared_ptr<Network> make_detector_network(const Json& model);

}  // namespace bonafide
