#pragma once

#include <torch/torch.h>

#include <memory>

#include "base/json.h"
#include "base/random.h"
#include "losses/loss_terms.h"
#include "models/network.h"

namespace bonafide {

// What a system eats.
struct Batch {
  NetworkInput input;   // what the recipe's front end makes, with an axis for the batch in front
  torch::Tensor label;  // [B], int64: 1 bona fide, 0 spoof, -1 unknown; undefined when scoring
  // For systems that compare: a bona fide recording of each speaker. Undefined for the others.
  NetworkInput reference = {};
};

// What it answers.
using Outcome = NetworkOutput;

// A published system: which network, which loss, which scoring rule. The trainer, the scorer and
// the command line know nothing else about it.
class System {
 public:
  virtual ~System() = default;

  virtual Outcome run(const Batch& batch) = 0;
  // From an outcome in training mode and the batch that it answers.
  virtual LossSum loss(const Outcome& outcome, const Batch& batch) const = 0;
  // What a batch's loss is divided by, so that losses of several batches join to the loss of one:
  // the sum of loss * weight over them, divided by the sum of the weights.
  virtual double loss_weight(const torch::Tensor& label) const {
    return static_cast<double>(label.size(0));
  }
  // Network::best_batch.
  virtual size_t best_batch() const { return 1; }
  // [B], higher = more bona fide.
  virtual torch::Tensor scores(const Outcome& outcome) const = 0;

  // Holds every parameter and buffer.
  virtual torch::nn::Module& module() = 0;
  // Called before each training batch, for what changes from batch to batch (frequency masks).
  virtual void before_batch(Random& random) = 0;
  // Called before each step, for what changes while training goes on (weights and margins of
  // losses).
  virtual void at(const TrainingClock&) {}
};

// The system that a recipe's sections `system`, `model`, `score`, `loss` and `train` describe.
// Throws UsageError for a name or option that there is not.
std::unique_ptr<System> make_system(const Json& recipe);

}  // namespace bonafide
