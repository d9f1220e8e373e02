#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <memory>

#include "base/json.h"
#include "models/network.h"

namespace bonafide {

// Two logits of the hidden states of a self-supervised speech encoder, after a published detector:
// logit 0 is that of spoofed speech, logit 1 of bona fide speech. Parameters carry the names of the
// published state dict, as far as they are not the encoder's.
class DetectorHead : public torch::nn::Module {
 public:
  // [L, B, T, D]: the hidden states of all layers, or (L = 1) the last one. Padding counts as
  // sound. Throws Error for a number of frames that it does not take.
  virtual NetworkOutput forward(const torch::Tensor& states) = 0;

  // Whether it looks at each layer's output; else at the last one alone, behind the encoder's final
  // norm.
  virtual bool looks_at_all_layers() const { return false; }

  // From now on `watcher` is shown intermediate results.
  void watch(Watcher watcher) { watcher_ = std::move(watcher); }

 protected:
  Watcher watcher_;
};

// The head that a recipe's model.head names, for an encoder of so many dimensions:
//   linear        the mean over frames and one linear layer (AntiDeepfake,
//                 nii-yamagishilab/AntiDeepfake)
//   xlsr-aasist   AASIST's graphs (Tak et al., Odyssey 2022); projection_dim (128),
//                 residual_channels, attention_channels (128), graph_dims ([64, 32]), pool_ratios
//                 ([0.5, 0.5, 0.5]), temperatures ([2, 2, 100])
//   spectra-aasist  Spectra-AASIST (spectra_head.h)
//   sls           sensitive layer selection (Zhang et al., ACM MM 2024) of exactly `frames` (201);
//                 hidden_dim (1024)
// Throws UsageError for another name or option.
std::shared_ptr<DetectorHead> make_detector_head(const Json& options, int64_t dim);

}  // namespace bonafide
