#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/json.h"
#include "models/network.h"

namespace bonafide {

// Tells from the hidden states of an encoder, [L, B, T, D], whether a recording is bona fide, most
// often beside a bona fide recording of the same speaker. Logit 0 is that of bona fide speech.
// Parameters carry the names of the published state dict, as far as they are not the encoder's.
class PairClassifier : public torch::nn::Module {
 public:
  // What it looks at of hidden states, made without weights: the states themselves, or their mean
  // over layers and frames [B, D] where that is enough.
  virtual torch::Tensor summary(const torch::Tensor& states) { return states; }

  // Summaries of the questioned recordings and of their references; these may be undefined where
  // none are needed. Padding counts as sound.
  virtual NetworkOutput forward(const torch::Tensor& test, const torch::Tensor& reference) = 0;

  // Whether it looks at references, and whether it can do without.
  virtual bool compares() const { return true; }
  virtual bool needs_reference() const { return compares(); }
  // Whether the encoder is to hear reference and recording as one waveform.
  virtual bool joins_waveforms() const { return false; }
  // Whether summary() is one vector of a recording.
  virtual bool pools() const { return false; }

  // From now on `watcher` is shown RAT's intermediate results: attn_map and mlp_out
  // [T, L * B, D], combined, residual and final_out [L, B, T, D], emb [B, D].
  void watch(Watcher watcher) { watcher_ = std::move(watcher); }

 protected:
  Watcher watcher_;
};

// What classifier and processor are made for.
struct HiddenStates {
  int64_t layers, dim;
};

// The classifier of a recipe's section `model`, by the keys
//   classifier       ff (of one recording), ff-diff, ff-diff-abs, ff-diff-quadratic, ff-concat1,
//                    ff-concat2, ff-concat3, ff-lstm, ff-lstm2, ff-dot (Differential-Detection), or
//                    rat (Reference-Augmented Training)
//   processor        feature_processors.h; rat has the mean alone
//   attention_heads  of rat; 4
//   reference        what rat attends to: matched (the reference; zeros without one), zero, self
//                    (the recording), none (nothing: the mean of the states goes to its last
//                    layers)
// Throws UsageError for other values.
std::shared_ptr<PairClassifier> make_pair_classifier(const Json& model, const HiddenStates& states);

}  // namespace bonafide
