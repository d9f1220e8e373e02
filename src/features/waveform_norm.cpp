#include "features/waveform_norm.h"

#include <torch/torch.h>

#include "base/error.h"

namespace bonafide {

namespace {

// 1 for the samples of a recording, 0 behind its end: [B, N].
torch::Tensor sample_mask(const torch::Tensor& waves, const torch::Tensor& lengths) {
  if (!lengths.defined()) return torch::ones_like(waves);
  if (lengths.dim() != 1 || lengths.size(0) != waves.size(0)) {
    throw Error("waveform normalisation: there must be one length for each recording");
  }
  if ((lengths < 1).logical_or(lengths > waves.size(1)).any().item<bool>()) {
    throw Error("waveform normalisation: a length is less than 1 or more than the samples");
  }
  const auto places = torch::arange(waves.size(1), lengths.options());
  return (places < lengths.unsqueeze(1)).to(waves.scalar_type());
}

torch::Tensor by_utterance(const torch::Tensor& waves, const torch::Tensor& lengths,
                           double epsilon) {
  const auto mask = sample_mask(waves, lengths);
  const auto count = mask.sum(/*dim=*/1, /*keepdim=*/true);
  const auto mean = (waves * mask).sum(1, true) / count;
  const auto centred = (waves - mean) * mask;
  const auto variance = centred.square().sum(1, true) / count;
  return centred / (variance + epsilon).sqrt();
}

}  // namespace

torch::Tensor normalize_waveforms(const torch::Tensor& waves, const torch::Tensor& lengths,
                                  WaveformScope scope, double epsilon) {
  if (waves.dim() != 2 || waves.numel() == 0) {
    throw Error("waveform normalisation: expected recordings by samples, none of them empty");
  }
  if (scope == WaveformScope::kNone) return waves;
  if (scope == WaveformScope::kUtterance) return by_utterance(waves, lengths, epsilon);
  return torch::layer_norm(waves, waves.sizes(), {}, {}, epsilon);
}

}  // namespace bonafide
