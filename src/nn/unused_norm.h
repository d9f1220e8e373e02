#pragma once

#include <torch/torch.h>

namespace bonafide {

// What a forward pass in training mode would do to a batch norm's running statistics, without the
// pass: for norms whose result the reference throws away.
template <typename Norm>
void update_statistics(Norm& norm, const torch::Tensor& x) {
  const torch::NoGradGuard no_grad;
  norm.num_batches_tracked += 1;
  const double momentum = norm.options.momentum().has_value()
                              ? *norm.options.momentum()
                              : 1.0 / norm.num_batches_tracked.template item<double>();
  at::batch_norm_update_stats(x, norm.running_mean, norm.running_var, momentum);
}

}  // namespace bonafide
