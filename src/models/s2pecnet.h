#pragma once

#include <memory>

#include "base/json.h"
#include "models/aasist.h"
#include "models/s2pecnet_decoders.h"
#include "models/s2pecnet_encoder.h"
#include "models/s2pecnet_fusion.h"

namespace bonafide {

// S2pecNet (fusion and reconstruction of multi-order spectrograms; ph-w2000/S2pecNet): AASIST whose
// encoder's map is fused with one of cepstral coefficients. It takes 64600 samples and 60 x 750
// coefficients. In training it makes both again from the fused map; the published code also does so
// when it scores, and throws the result away.
class S2pecNet : public Aasist {
 public:
  explicit S2pecNet(const AasistOptions& options);

  NetworkOutput forward(const NetworkInput& input) override;

  // Whether to run the decoders outside training too.
  void always_decode(bool always) { always_decode_ = always; }

 private:
  bool always_decode_ = false;
  SpectralEncoder resnet_ = nullptr;
  SpectralFusion two_ = nullptr;
  SpectralDecoder decoder_ = nullptr;
  WaveDecoder raw_decoder_ = nullptr;
};

// The options are AASIST's; the last block must have 64 channels and the bank 69 to 71 filters.
std::shared_ptr<Network> make_s2pecnet(const Json& model);

}  // namespace bonafide
