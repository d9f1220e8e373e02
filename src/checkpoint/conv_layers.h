#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace bonafide {

struct ConvLayerShape {
  int64_t channels = 0;
  int64_t kernel = 0;
  int64_t stride = 0;

  bool operator==(const ConvLayerShape&) const = default;
};

inline constexpr size_t kMostConvLayers = 32;

// fairseq's `conv_feature_layers`, which there is a Python expression that is evaluated:
// "[(512, 10, 5)] + [(512, 3, 2)] * 4 + [(512,2,2)] * 2". Read are lists of triples of whole
// numbers from 1 to 65536, repeated by `*` and joined by `+`. Throws Error that shows the place for
// anything else, and for more than kMostConvLayers.
std::vector<ConvLayerShape> read_conv_layers(std::string_view expression);

}  // namespace bonafide
