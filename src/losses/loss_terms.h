#pragma once

#include <torch/types.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "base/json.h"
#include "losses/ramp.h"

namespace bonafide {

// What a term may look at: what a network answered to a batch, and what was asked of it. Only
// `logits` and `label` are always there.
struct LossInput {
  torch::Tensor logits;                    // [B, 2]
  torch::Tensor label;                     // [B], int64: 1 bona fide, 0 spoof
  torch::Tensor wave, wave_again;          // [B, N]
  torch::Tensor features, features_again;  // of as many elements
};

// What a batch cost, a scalar, and the terms that add to it.
struct LossSum {
  struct Part {
    std::string name;
    torch::Tensor value;  // a scalar, without its weight
  };
  torch::Tensor total;
  std::vector<Part> parts;
  // How many questions the loss put to the network, and how many it answered right: scalars without
  // gradient; undefined when the loss does not classify.
  torch::Tensor right, answers;
};

// Fills LossSum::right and answers: the logits [N, C] as the loss judged them, and the classes [N].
void count_right(LossSum& sum, const torch::Tensor& logits, const torch::Tensor& classes);

// One summand of a loss.
class LossTerm {
 public:
  virtual ~LossTerm() = default;
  // A scalar, the mean over the batch. Throws Error when the network did not give what it needs.
  virtual torch::Tensor of(const LossInput& input) const = 0;
  // The logits, changed as its name says, that a classifying term judges; undefined for others.
  virtual torch::Tensor judged(const LossInput&) const { return {}; }
  // Whether the logits must be cosines.
  virtual bool wants_cosines() const { return false; }
  // What changes while training goes on, the margin.
  virtual void at(const TrainingClock&) {}
};

// The cross entropy of both classes, weighted by `class_weights` (of spoof and bona fide), of
// logits that are changed first as `name` says:
//   cross_entropy     not at all
//   angular           the target class's cosine becomes cos(margin * angle)
//   additive_angular  the target class's cosine becomes cos(angle + margin), then all times scale
std::unique_ptr<LossTerm> make_classification_term(const std::string& name, Ramp margin,
                                                   double scale,
                                                   const std::array<double, 2>& class_weights);

// Names that a recipe's loss.terms may carry.
std::vector<std::string> loss_term_names();

// A loss of several terms, each times a weight that may change while training goes on.
class LossTerms {
 public:
  // A name that is there already gets its place: "angular_2".
  void add(std::string name, Ramp weight, std::unique_ptr<LossTerm> term);

  // Of a recipe's list [{name, weight, ...}, ...]: cross_entropy, angular (margin),
  // additive_angular (margin, scale), wave_reconstruction, feature_reconstruction. Weights and
  // margins are numbers or ramps (ramp.h). Throws UsageError.
  static LossTerms of(const Json& list, const std::array<double, 2>& class_weights);

  bool want_cosines() const;
  void at(const TrainingClock& clock);
  LossSum of(const LossInput& input) const;

 private:
  struct Part {
    std::string name;
    Ramp weight;
    double weight_now;
    std::unique_ptr<LossTerm> term;
  };
  std::vector<Part> parts_;
};

// Mean squared errors of the waveform and of the features that a network makes again.
std::unique_ptr<LossTerm> make_wave_reconstruction_term();
std::unique_ptr<LossTerm> make_feature_reconstruction_term();

}  // namespace bonafide
