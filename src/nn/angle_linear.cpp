#include "nn/angle_linear.h"

namespace bonafide {

AngleLinearImpl::AngleLinearImpl(int64_t in_features, int64_t out_features)
    : weight_(register_parameter(
          "weight", torch::nn::init::xavier_uniform_(torch::empty({in_features, out_features})))) {}

torch::Tensor AngleLinearImpl::forward(const torch::Tensor& x) {
  namespace F = torch::nn::functional;
  return torch::matmul(F::normalize(x, F::NormalizeFuncOptions().dim(1)),
                       F::normalize(weight_, F::NormalizeFuncOptions().dim(0)));
}

}  // namespace bonafide
