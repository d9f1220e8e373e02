#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <memory>

#include "base/json.h"

namespace bonafide {

// Makes one embedding of the hidden states of an encoder's layers: [L, B, T, D] -> [B, D']. Padding
// counts as sound.
class FeatureProcessor : public torch::nn::Module {
 public:
  explicit FeatureProcessor(int64_t output_dim) : output_dim_(output_dim) {}

  // Throws Error for fewer frames than it can take.
  virtual torch::Tensor forward(const torch::Tensor& features) = 0;

  int64_t output_dim() const { return output_dim_; }
  // Whether it has weights; one without makes the same embedding as long as the encoder does.
  bool learns() const { return !parameters().empty(); }

 private:
  int64_t output_dim_;
};

// The processor that a recipe's model.processor names, under the names of the published state dicts
// (RAT and Differential-Detection), for hidden states of so many layers and dimensions:
//   mean    of layers and frames
//   mhfa    multi-head factorised attentive pooling (Peng et al., SLT 2022); heads (4 L / 3),
//           compression_dim (an eighth of output_dim), output_dim (D)
//   sls     sensitive layer selection (Zhang et al., ACM MM 2024) over the first `frames` (201),
//           with zeros before fewer; output_dim (D)
//   aasist  AASIST's graphs over the last layer (Tak et al., Odyssey 2022); output_dim (D)
// Throws UsageError for another name or option.
std::shared_ptr<FeatureProcessor> make_feature_processor(const Json& options, int64_t layers,
                                                         int64_t dim);

}  // namespace bonafide
