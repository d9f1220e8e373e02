#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "base/json.h"
#include "models/network.h"

namespace bonafide {

// Options of LightCNN by the names of the published code's configuration.
struct LightCnnOptions {
  std::array<int64_t, 3> input_shape = {1, 863, 600};  // channels, bins, frames
  int64_t num_classes = 2;
  double dropout_prob = 0.75;
  std::string output = "angular";  // or linear: a plain layer with a bias

  // Throws UsageError for an unknown key or a value out of range.
  static LightCnnOptions from_json(const Json& model);
};

// LightCNN on log-power spectrograms (Lavrentyeva et al., Interspeech 2019, arXiv:1904.05576):
// features [B, bins, frames]. With the angular output its logits are cosines.
std::shared_ptr<Network> make_lightcnn(const Json& model);

}  // namespace bonafide
