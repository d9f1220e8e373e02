#include "nn/norms.h"

namespace bonafide {

namespace {

torch::Tensor at_least_single(const torch::Tensor& x) {
  return x.scalar_type() == torch::kFloat64 ? x : x.to(torch::kFloat32);
}

}  // namespace

torch::Tensor LayerNormImpl::forward(const torch::Tensor& x) {
  return torch::nn::LayerNormImpl::forward(at_least_single(x));
}

torch::Tensor GroupNormImpl::forward(const torch::Tensor& x) {
  return torch::nn::GroupNormImpl::forward(at_least_single(x));
}

}  // namespace bonafide
