#pragma once

#include <torch/torch.h>

#include <functional>
#include <optional>
#include <set>
#include <string>

#include "checkpoint/tensor_file.h"
#include "systems/system.h"

namespace bonafide {

// A mean of a module's parameters over snapshots: the running mean of all (SWA; Izmailov et al.,
// UAI 2018), or one that forgets (an exponential moving average). Buffers are not averaged.
class WeightAverage {
 public:
  // Parameters that never change and lie elsewhere (checkpoint/base_weights.h) need no mean.
  void leave_out(const Json& base);

  // `share`: the snapshot's weight in the mean from now on; 0: as much as each one before.
  void add(const torch::nn::Module& module, double share = 0);
  int64_t count() const { return count_; }

  // Copies the mean into the module. There must be at least one snapshot.
  void write_to(torch::nn::Module& module) const;

  void save(const std::string& prefix, TensorFile& file) const;
  // The means lie where the module's parameters do. Throws Error when they do not fit it.
  void load(const std::string& prefix, const TensorFile& file, const torch::nn::Module& module);

 private:
  int64_t count_ = 0;
  std::set<std::string> left_out_;
  std::vector<std::pair<std::string, torch::Tensor>> mean_;
};

// Batch-norm statistics as the cumulative mean over the labelled batches that `next` gives, in
// training mode as the published code has it (dropout on). Batch counters go on counting.
void update_batch_norm(System& system, const std::function<std::optional<Batch>()>& next);

}  // namespace bonafide
