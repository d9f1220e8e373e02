#pragma once

#include <torch/types.h>

namespace bonafide {

// Over what self-supervised encoders' waveforms are brought to mean 0 and variance 1.
enum class WaveformScope {
  kNone,
  kUtterance,  // each recording over its own samples
  // Mean and variance of the whole padded batch, so that a score depends on the other recordings:
  // only to reproduce what was trained or published with it.
  kBatch,
};

// Waveforms [B, N] -> the same, over population variance plus `epsilon`. `lengths` [B]: the true
// number of samples of each, from 1 to N; undefined: all of them. By utterance, what lies behind a
// recording's end becomes 0; the batch takes its padding as it is.
torch::Tensor normalize_waveforms(const torch::Tensor& waves, const torch::Tensor& lengths,
                                  WaveformScope scope = WaveformScope::kUtterance,
                                  double epsilon = 1e-5);

}  // namespace bonafide
