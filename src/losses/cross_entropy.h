#pragma once

#include <torch/types.h>

#include <array>

namespace bonafide {

// Weighted mean over a batch of the cross entropy: logits [B, 2] and labels [B] (1 bona fide,
// 0 spoof); sum of w_y * nll over sum of w_y. `class_weights`: of spoof and of bona fide.
torch::Tensor weighted_cross_entropy(const torch::Tensor& logits, const torch::Tensor& label,
                                     const std::array<double, 2>& class_weights);

}  // namespace bonafide
