#include "nn/gelu.h"

#include <torch/torch.h>

namespace bonafide {

namespace {

class Gelu : public torch::autograd::Function<Gelu> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& x) {
    context->save_for_backward({x});
    return torch::gelu(x);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto x = context->get_saved_variables()[0];
    return {at::gelu_backward(gradients[0].contiguous(), x)};
  }
};

}  // namespace

torch::Tensor exact_gelu(const torch::Tensor& x) {
  const bool learns = x.requires_grad() && torch::GradMode::is_enabled();
  return learns ? Gelu::apply(x.contiguous()) : torch::gelu(x);
}

}  // namespace bonafide
