#pragma once

#include <torch/types.h>

#include <span>

namespace bonafide {

// Weighted mean over a batch of the cross entropy: logits [B, C] and labels [B] below C; sum of
// w_y * nll over sum of w_y. `class_weights`: of each class; a detector's are spoof and bona fide.
torch::Tensor weighted_cross_entropy(const torch::Tensor& logits, const torch::Tensor& label,
                                     std::span<const double> class_weights);

}  // namespace bonafide
