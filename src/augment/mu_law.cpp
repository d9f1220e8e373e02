#include "augment/mu_law.h"

#include <cmath>

#include "augment/parameters.h"

namespace bonafide {

namespace {

class MuLaw : public Augmentation {
 public:
  explicit MuLaw(int levels) : levels_(levels) {}

  Waveform apply(Waveform waveform, Random&) const override {
    for (float& sample : waveform.samples) {
      sample = decode_mu_law(encode_mu_law(sample, levels_), levels_);
    }
    return waveform;
  }

 private:
  int levels_;
};

}  // namespace

// In float, as the published code computes: the last bit decides the code at the edge of a step.
int32_t encode_mu_law(float sample, int levels) {
  if (std::isnan(sample)) return 0;
  const auto mu = static_cast<float>(levels - 1);
  const float folded = std::log1p(mu * std::abs(sample)) / std::log1p(mu);
  const float code = ((std::copysign(folded, sample) + 1.0f) / 2.0f) * mu + 0.5f;
  constexpr float kLimit = 1e9f;  // an infinite sample has no code
  return static_cast<int32_t>(std::fmin(kLimit, std::fmax(-kLimit, code)));
}

float decode_mu_law(int32_t code, int levels) {
  const auto mu = static_cast<float>(levels - 1);
  const float y = static_cast<float>(code) / mu * 2.0f - 1.0f;
  return std::copysign(std::expm1(std::abs(y) * std::log1p(mu)) / mu, y);
}

std::unique_ptr<Augmentation> make_mu_law(Parameters& parameters) {
  return std::make_unique<MuLaw>(static_cast<int>(parameters.integer("levels", 256, 2, 65536)));
}

}  // namespace bonafide
