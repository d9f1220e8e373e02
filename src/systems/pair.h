#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "features/feature_cache.h"
#include "features/waveform_norm.h"
#include "models/pair_classifiers.h"
#include "models/ssl_encoder.h"
#include "systems/recent_summaries.h"
#include "systems/reference_sensitivity.h"
#include "systems/system.h"

namespace bonafide {

struct PairOptions {
  WaveformScope normalization = WaveformScope::kUtterance;
  bool margin = false;  // the score is the margin of the logits, not the probability

  enum class Statistics {
    kBatch,           // learns, and takes each batch's statistics
    kEvalAfterFirst,  // after the first epoch all is as when it scores, dropout too (as published)
    kFrozen,          // as when it scores
  };
  Statistics statistics = Statistics::kBatch;  // of batch normalisation, in training
  bool frozen_dropout = false;                 // of an encoder that does not learn (as published)

  std::string kept_summaries = {};  // a folder for what an encoder that does not learn makes; ""
  bool learns_from_plain = true;    // chance does nothing to what is learnt from
};

// A self-supervised speech encoder and a classifier of its hidden states, most often of two
// recordings (RAT and Differential-Detection). The score is the probability of bona fide speech;
// the part `margin`, logit 0 less logit 1, does not saturate. An encoder none of whose parameters
// learn (train.freeze: ["extractor.*"]) is run without gradients.
//
// As published, padding counts as sound where recordings of different lengths are learnt from, also
// between the two that ff-concat1 makes one of.
class PairSystem : public System {
 public:
  // Throws UsageError for a folder of summaries that would be far too large.
  PairSystem(SslEncoder encoder, std::shared_ptr<PairClassifier> classifier,
             const PairOptions& options);

  LossSum learn(const Batch& batch) override;
  Answer answer(const Batch& batch) override;
  // Summaries of the recordings and their references go to the classifier.
  NetworkOutput run(const Batch& batch);

  // How much the answers to a batch hang on its references, of which `noise` and `silence` take
  // the place. Throws Error for a classifier that does not look at references' hidden states.
  ReferenceSensitivity sensitivity(const Batch& batch, const NetworkInput& noise,
                                   const NetworkInput& silence);

  std::vector<std::string> part_names() const override { return {"margin"}; }
  // By the mean of the margins.
  double joined_score(double mean, std::span<const float> parts) const override;
  bool compares() const override {
    return classifier_->compares() || classifier_->needs_reference();
  }
  bool needs_reference() const override { return classifier_->needs_reference(); }
  bool judges_alone() const override { return options_.normalization != WaveformScope::kBatch; }
  bool takes_lengths() const override { return true; }
  torch::nn::Module& module() override { return *classifier_; }
  void prepare(const TrainingClock& clock, Random& random) override;

 private:
  bool frozen() const;
  // Throws Error for one that is too short for a frame.
  void expect_frames(const NetworkInput& input, const char* what) const;
  torch::Tensor states_of(const NetworkInput& input);
  torch::Tensor hear(const NetworkInput& input);
  torch::Tensor hear_anew(const NetworkInput& input);
  torch::Tensor hear_reference(const NetworkInput& reference);
  torch::Tensor kept(const torch::Tensor& waves);

  SslEncoder encoder_;
  std::shared_ptr<PairClassifier> classifier_;
  PairOptions options_;
  RecentSummaries recent_;
  int64_t heard_by_ = -1;  // the version of the weights that `recent_` is of
  std::unique_ptr<FeatureCache> files_;
  int64_t filed_by_ = -1;  // the same of `files_`
};

// Of a recipe's section `model`: encoder (ssl_encoder.h), classifier, processor, attention_heads,
// reference (pair_classifiers.h), waveform_normalization (utterance, batch, none), finetune_bn
// (batch, eval-after-first, frozen) and frozen_dropout; and of `score`: rule (probability, margin).
std::unique_ptr<System> make_pair(const Json& recipe);

}  // namespace bonafide
