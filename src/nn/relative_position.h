#pragma once

#include <torch/types.h>

namespace bonafide {

// WavLM's bucket of each offset (key index minus query index; Chen et al., IEEE JSTSP 2022): whole
// numbers of any shape -> int64 of that shape, from 0 to buckets - 1. Half of the buckets are for
// keys behind the query; near offsets have one each, far ones share them on a logarithmic scale up
// to `max_distance`.
torch::Tensor relative_position_buckets(const torch::Tensor& offsets, int64_t buckets,
                                        int64_t max_distance);

}  // namespace bonafide
