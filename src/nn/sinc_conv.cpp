#include "nn/sinc_conv.h"

#include <torch/nn/functional/conv.h>

#include "base/error.h"

namespace bonafide {

SincConv::SincConv(torch::Tensor band_pass) : band_pass_(std::move(band_pass)) {}

torch::Tensor SincConv::forward(const torch::Tensor& wave) {
  if (!ready_.defined() || ready_.dtype() != wave.dtype() || ready_.device() != wave.device()) {
    ready_ = band_pass_.clone();
    ready_.narrow(0, masked_.first, masked_.second).zero_();
    ready_ = ready_.to(wave.options().requires_grad(false)).unsqueeze(1);
  }
  return torch::conv1d(wave.unsqueeze(1), ready_);
}

void SincConv::mask(int64_t first, int64_t count) {
  if (first < 0 || count < 0 || first + count > filters()) {
    throw Error("a frequency mask reaches beyond the filter bank");
  }
  masked_ = {first, count};
  ready_.reset();
}

void SincConv::replace(const torch::Tensor& band_pass) {
  if (band_pass.sizes() != band_pass_.sizes()) throw Error("a filter bank of another shape");
  band_pass_ = band_pass.to(torch::kFloat64);
  ready_.reset();
}

}  // namespace bonafide
