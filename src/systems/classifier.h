#pragma once

#include <array>
#include <memory>
#include <utility>

#include "base/json_value.h"
#include "losses/loss_terms.h"
#include "systems/system.h"

namespace bonafide {

// What a classifier's score is.
enum class ScoreRule {
  kLogit,           // of bona fide speech
  kMargin,          // that less the other
  kProbability,     // of bona fide speech, which saturates
  kLogProbability,  // its logarithm
};

struct ClassifierOptions {
  int64_t score_logit = 1;                           // column of the logits that is the score
  std::array<double, 2> class_weights = {0.1, 0.9};  // of spoof and bona fide in the cross entropy
  bool freq_aug = false;       // learn with a random band of the sinc filters masked
  int64_t margin = 0;          // of the target class's angle, when the logits are cosines; 0: none
  Json terms = Json::array();  // of the loss (loss_terms.h); none: one cross entropy, by the above
  ScoreRule rule = ScoreRule::kLogit;  // by another than kLogit the part `margin` is told too
};

// A network with two logits, trained by weighted cross entropy and scored by one logit: AASIST and
// the other classifiers of its framework, LightCNN with an angular margin, and S2pecNet, whose loss
// has terms for what it makes again of its input. (Those are means of different kinds: joining
// losses of several batches by the classifier's weights is exact for the cross entropy alone.)
class Classifier : public System {
 public:
  Classifier(std::shared_ptr<Network> network, const ClassifierOptions& options);

  // Both throw Error when the network does not answer with two logits or takes no utterances of
  // different lengths, and learn() when the loss has a term for something that the network does not
  // give.
  LossSum learn(const Batch& batch) override;
  Answer answer(const Batch& batch) override;

  double loss_weight(const Batch& batch) const override;
  std::vector<std::string> part_names() const override;
  bool takes_lengths() const override { return network_->takes_lengths(); }
  size_t best_batch() const override { return network_->best_batch(); }
  torch::nn::Module& module() override { return *network_; }
  void prepare(const TrainingClock& clock, Random& random) override;

  Network& network() { return *network_; }

 private:
  NetworkOutput run(const NetworkInput& input);

  LossTerms terms_;
  std::shared_ptr<Network> network_;
  ClassifierOptions options_;
  std::pair<int64_t, int64_t> masked_ = {0, 0};  // first and number of filters, while learning
};

}  // namespace bonafide
