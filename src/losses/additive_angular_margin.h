#pragma once

#include <torch/types.h>

namespace bonafide {

// The additive angular margin of ArcFace (Deng et al., CVPR 2019, equation 3), as AAM-softmax of
// the SASV reference has it without easy margin: of cosines [B, C], that of the label's class
// becomes cos(angle + margin), or, where angle + margin would pass pi, cosine - margin *
// sin(margin), which goes on falling; then all are multiplied by `scale`. The margin is in radians.
torch::Tensor additive_angular_margin(const torch::Tensor& cosines, const torch::Tensor& label,
                                      double margin, double scale);

}  // namespace bonafide
