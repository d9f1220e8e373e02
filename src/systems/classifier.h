#pragma once

#include <array>
#include <memory>
#include <utility>

#include "losses/loss_terms.h"
#include "systems/system.h"

namespace bonafide {

struct ClassifierOptions {
  int64_t score_logit = 1;                           // column of the logits that is the score
  std::array<double, 2> class_weights = {0.1, 0.9};  // of spoof and bona fide in the cross entropy
  bool freq_aug = false;       // learn with a random band of the sinc filters masked
  int64_t margin = 0;          // of the target class's angle, when the logits are cosines; 0: none
  Json terms = Json::array();  // of the loss (loss_terms.h); none: one cross entropy, by the above
};

// A network with two logits, trained by weighted cross entropy and scored by one logit: AASIST and
// the other classifiers of its framework, and LightCNN with an angular margin.
class Classifier : public System {
 public:
  Classifier(std::shared_ptr<Network> network, const ClassifierOptions& options);

  // Throws Error when the network does not answer with two logits.
  Outcome run(const Batch& batch) override;
  LossSum loss(const Outcome& outcome, const Batch& batch) const override;
  double loss_weight(const torch::Tensor& label) const override;
  torch::Tensor scores(const Outcome& outcome) const override;
  size_t best_batch() const override { return network_->best_batch(); }
  torch::nn::Module& module() override { return *network_; }
  void before_batch(Random& random) override;
  void at(const TrainingClock& clock) override { terms_.at(clock); }

  Network& network() { return *network_; }

 protected:
  static LossInput loss_input(const Outcome& outcome, const Batch& batch);

  LossTerms terms_;

 private:
  std::shared_ptr<Network> network_;
  ClassifierOptions options_;
  std::pair<int64_t, int64_t> masked_ = {0, 0};  // first and number of filters, while learning
};

}  // namespace bonafide
