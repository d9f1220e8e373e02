#pragma once

#include <string>
#include <vector>

#include "checkpoint/stored_weights.h"

namespace bonafide {

// A self-supervised speech encoder among the tensors of a published file.
struct NamedEncoder {
  std::string prefix;   // before its tensors' names, once they are spelled: "model.extractor."
  std::string dialect;  // whose names it had: "Hugging Face", "fairseq" or "torchaudio"
  std::string variant;  // a key of its configuration by which its network is another one, with a
                        // tensor that shows it; "": none
  size_t left_out = 0;  // tensors of pre-training and of its heads, which were taken away
};

// Finds wav2vec 2.0, HuBERT and WavLM by the names of their tensors and spells these as Hugging
// Face's base models do ("encoder.layers.0.attention.q_proj.weight"; the positional convolution has
// weight_g and weight_v). Query, key and value that stand in one tensor become three views. An
// encoder inside a detector (RAT, SSL_Anti-spoofing, AntiDeepfake) stands behind "extractor." then,
// and one inside a model of a larger task at the top of its set. Other tensors stay as they are.
std::vector<NamedEncoder> spell_encoders(StoredWeights& stored);

}  // namespace bonafide
