#pragma once

#include <cstdint>
#include <memory>

#include "base/json.h"
#include "models/detector_heads.h"

namespace bonafide {

// The head of Spectra-AASIST (lab260): a bridge, positions in time, the magnitude of the map, and
// AASIST's graphs with four branches whose attention ends in the batch norm. Options:
// projection_dim (128), maximum_frames (400), residual_channels, attention_channels (128),
// graph_dims ([64, 32]), pool_ratios ([0.5, 0.5, 0.5]), temperatures ([2, 2, 100]), branches (4).
// Throws UsageError for other keys and values; forward() Error for fewer than three frames and for
// more than there are positions.
std::shared_ptr<DetectorHead> make_spectra_head(const Json& options, int64_t dim);

}  // namespace bonafide
