#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "base/json.h"
#include "models/network.h"

namespace bonafide {

// Options of AASIST by the names of the reference's configuration.
struct AasistOptions {
  int64_t first_conv = 128;  // taps; an even number gets one more
  int64_t filters = 70;      // filts[0]
  std::array<std::array<int64_t, 2>, 4> blocks = {{{1, 32}, {32, 32}, {32, 64}, {64, 64}}};
  std::array<int64_t, 2> gat_dims = {64, 32};
  std::array<double, 4> pool_ratios = {0.5, 0.7, 0.5, 0.5};       // the fourth is never used
  std::array<double, 4> temperatures = {2.0, 2.0, 100.0, 100.0};  // nor is this fourth

  // Throws UsageError for an unknown key or a value out of range.
  static AasistOptions from_json(const Json& model);
};

// AASIST and AASIST-L (Jung et al., ICASSP 2022, arXiv:2110.01200).
std::shared_ptr<Network> make_aasist(const Json& model);

}  // namespace bonafide
