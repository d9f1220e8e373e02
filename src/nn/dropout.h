#pragma once

#include <torch/torch.h>

namespace bonafide {

// LibTorch's dropout, which draws in the order of a tensor's elements up to 1.13 and in that of its
// memory in later versions. This one keeps to the elements, so that a seed means the same in all.
class DropoutImpl : public torch::nn::DropoutImpl {
 public:
  using torch::nn::DropoutImpl::DropoutImpl;

  torch::Tensor forward(const torch::Tensor& x) {
    const double kept = 1 - options.p();
    if (!is_training() || kept == 1) return x;
    const auto noise = torch::empty(x.sizes(), x.options()).bernoulli_(kept);
    return x * (kept > 0 ? noise.div_(kept) : noise);
  }
};
TORCH_MODULE(Dropout);

}  // namespace bonafide
