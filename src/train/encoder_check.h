#pragma once

#include <torch/torch.h>

#include <string>

#include "checkpoint/stored_weights.h"

namespace bonafide {

// Weights fit by name and shape also where an encoder works otherwise: with other heads, strides or
// an other order of norms. Compares what a file tells of its encoder with the encoders of the
// module whose names begin with `into`. Throws Error naming the key and both values; `from` is the
// file's name. Drop-out is training's own business.
void expect_same_encoder(const StoredEncoder& encoder, const torch::nn::Module& module,
                         const std::string& into, const std::string& from);

}  // namespace bonafide
