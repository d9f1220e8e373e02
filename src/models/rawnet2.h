#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "base/json.h"
#include "models/network.h"

namespace bonafide {

// Options of RawNet2 by the names of the published code's configuration, which also has three that
// nobody reads: blocks, in_channels and filts[3].
struct RawNet2Options {
  int64_t first_conv = 1024;                 // taps; an even number gets one more
  int64_t filters = 20;                      // filts[0]
  std::array<int64_t, 2> narrow = {20, 20};  // filts[1], of the first two blocks
  std::array<int64_t, 2> wide = {20, 128};   // filts[2], of the third; the others keep its output
  int64_t gru_node = 1024;
  int64_t nb_gru_layer = 3;
  int64_t nb_fc_node = 1024;
  int64_t nb_classes = 2;

  // Throws UsageError for an unknown key or a value out of range.
  static RawNet2Options from_json(const Json& model);
};

// RawNet2 for anti-spoofing (Tak et al., ICASSP 2021, arXiv:2011.01108). Its logits are
// log-probabilities.
std::shared_ptr<Network> make_rawnet2(const Json& model);

}  // namespace bonafide
