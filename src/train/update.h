#pragma once

#include <torch/torch.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "processes/communicator.h"
#include "systems/system.h"
#include "tensor/precision.h"
#include "train/gradient_exchange.h"
#include "train/loss_scaler.h"
#include "train/optimizer.h"

namespace bonafide {

struct UpdateOptions {
  Precision precision = Precision::kFloat32;
  double clip_norm = 0;  // the gradient's global L2 norm is brought down to this; 0: left alone
};

// What a step came to, over the joined batch.
struct UpdateResult {
  double loss = 0;
  std::optional<double> accuracy;  // percent, as the loss counts; nothing when it does not classify
  std::optional<double> gradient_norm;  // L2, of all gradients before they were clipped
  std::vector<std::pair<std::string, double>> terms;  // of the loss, without their weights
};

// One optimiser step: forward, loss, backward over one or more batches of this process and those of
// the other processes, as if they were a single batch.
//
// The loss of each batch counts by System::loss_weight, so that a mean over the joined batch comes
// out whatever the batches' sizes and classes are. (Losses that compare the items of a batch with
// each other, and batch normalisation that is not synchronised, still see only their own batch.)
class Update {
 public:
  Update(System& system, Optimizer& optimizer, Communicator& communicator,
         const UpdateOptions& options);

  // Takes the step at the learning rate, after the system has been told the time. Throws Error when
  // the loss is not a number. Every process must give the same number of batches, at least one, and
  // the same `random`.
  UpdateResult run(const std::vector<Batch>& batches, double learning_rate,
                   const TrainingClock& clock, Random& random);

  // Must follow a change of which parameters learn.
  void parameters_changed();

  LossScaler& scaler() { return scaler_; }

 private:
  double joined_weight(const std::vector<Batch>& batches);
  LossSum learn(const Batch& batch);
  UpdateResult accumulate(const std::vector<Batch>& batches);
  bool unscale();

  System& system_;
  Optimizer& optimizer_;
  Communicator& communicator_;
  const UpdateOptions options_;
  LossScaler scaler_;
  std::unique_ptr<GradientExchange> exchange_;
};

}  // namespace bonafide
