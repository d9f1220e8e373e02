#pragma once

#include <torch/torch.h>

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/random.h"
#include "losses/loss_terms.h"
#include "models/network.h"

namespace bonafide {

// Several utterances, and what is known of them.
struct Batch {
  NetworkInput input;   // what the recipe's front end makes, with an axis for the batch in front
  torch::Tensor label;  // [B], int64: 1 bona fide, 0 spoof, -1 unknown; undefined when scoring
  // [B], int64: the speaker's number among those of the training part, sorted by name; undefined
  // when scoring, and where not every recording's speaker is known.
  torch::Tensor speaker = {};
  int64_t tuple = 1;  // so many neighbours in the batch are of one speaker
  // For systems that compare: a bona fide recording of each speaker. Undefined for the others.
  NetworkInput reference = {};

  // All of it there; the numbers of labels and speakers stay integers.
  Batch to(torch::Device device, torch::Dtype dtype) const;
};

// What a system says of a batch.
struct Answer {
  torch::Tensor score = {};  // [B], higher = more bona fide; undefined for systems that only verify
  torch::Tensor embedding = {};  // [B, D]; undefined where there is none
  torch::Tensor parts = {};  // [B, P], what the score is made of; undefined where there are none
};

// A published system: which network, which loss, which scoring rule. The trainer, the scorer and
// the command line know nothing else about it.
class System {
 public:
  virtual ~System() = default;

  // The forward pass in training mode, and its loss.
  virtual LossSum learn(const Batch& batch) = 0;
  // The scores, in evaluation mode.
  virtual Answer answer(const Batch& batch) = 0;

  // What a batch's loss is divided by, so that losses of several batches join to the loss of one:
  // the sum of loss * weight over them, divided by the sum of the weights.
  virtual double loss_weight(const Batch& batch) const;
  // The names of Answer::parts.
  virtual std::vector<std::string> part_names() const { return {}; }
  // Backend::joined_score.
  virtual double joined_score(double mean, std::span<const float> /*mean_parts*/) const {
    return mean;
  }
  // Whether it compares with references, and whether it must have one; else zeros stand for it.
  virtual bool compares() const { return false; }
  virtual bool needs_reference() const { return false; }
  // Whether each recording's answer is its own. Where it depends on the batch (to reproduce a
  // published evaluation), batches are those of the list, in its order.
  virtual bool judges_alone() const { return true; }
  // Whether utterances of different lengths may stand in one batch (NetworkInput::length).
  virtual bool takes_lengths() const { return false; }
  // Network::best_batch.
  virtual size_t best_batch() const { return 1; }

  // Holds every parameter and buffer, those of the loss too.
  virtual torch::nn::Module& module() = 0;
  // Called before each training step, for what changes from step to step: weights and margins of
  // losses by the clock, frequency masks by chance.
  virtual void prepare(const TrainingClock&, Random&) {}
};

// The index of the bona fide logit in the section `score` of a system with two logits. (The keys
// `over` and `precision` of any system's section are the scorer's.) Throws UsageError.
int64_t bona_fide_logit(const Json& recipe);

// The systems there are, by the names that a recipe's key `system` gives them.
using SystemMaker = std::unique_ptr<System> (*)(const Json& recipe);
using SystemTable = std::map<std::string, SystemMaker>;
const SystemTable& builtin_systems();

// The system that a recipe's sections `system`, `model`, `score`, `loss` and `train` describe.
// Throws UsageError for a name or option that there is not.
std::unique_ptr<System> make_system(const Json& recipe,
                                    const SystemTable& systems = builtin_systems());

}  // namespace bonafide
