#pragma once

#include <torch/types.h>

namespace bonafide {

// The multiplicative angular margin of A-softmax (Liu et al., CVPR 2017) as LightCNN's reference
// has it: of cosines [B, C], that of the label's class becomes cos(margin * angle). The published
// code leaves out the paper's extension that makes it fall monotonically, the scale and the
// annealing, so that an angle of 90 degrees is as good as 0 with a margin of 4.
torch::Tensor angular_margin(const torch::Tensor& cosines, const torch::Tensor& label,
                             double margin);

}  // namespace bonafide
