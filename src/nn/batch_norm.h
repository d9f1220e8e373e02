#pragma once

#include <torch/torch.h>

#include <functional>

namespace bonafide {

// Sums a tensor over the processes of a data-parallel job, in place.
using SumOverProcesses = std::function<void(torch::Tensor&)>;

// From now on every BatchNorm of this process that trains takes its statistics over the joined
// batch of all processes (nothing: over its own batch again). Set it before training begins.
void synchronize_batch_norm(SumOverProcesses sum);

// Batch normalisation over all axes but the channels' (the second), as in LibTorch, whose own
// modules cannot be synchronised. Every network uses this one.
//
// A single value of each channel has no variance (PyTorch refuses to train on it): in training too
// it is normalised by the running statistics, which stay as they are.
class BatchNormImpl : public torch::nn::Module {
 public:
  explicit BatchNormImpl(const torch::nn::BatchNormOptions& options);
  explicit BatchNormImpl(int64_t channels) : BatchNormImpl(torch::nn::BatchNormOptions(channels)) {}

  torch::Tensor forward(const torch::Tensor& x);
  // Moves the running statistics as a forward pass in training mode would, without the pass.
  void observe(const torch::Tensor& x);

  torch::nn::BatchNormOptions options;
  torch::Tensor weight, bias, running_mean, running_var, num_batches_tracked;

 private:
  bool learns_from(const torch::Tensor& x) const;
  double next_momentum();
};
TORCH_MODULE(BatchNorm);

}  // namespace bonafide
