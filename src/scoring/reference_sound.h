#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/random.h"

namespace bonafide {

// How a reference sounds when a model hears it, as RAT is evaluated under degraded references
// (Security-FIT/RAT, eval_degraded.py).
struct ReferenceSound {
  enum class Kind {
    kPlain,
    kSilence,  // zeros of the same length
    kNoise,    // Gaussian noise of the same mean square
    kNoisy,    // with Gaussian noise added
  };
  Kind kind = Kind::kPlain;
  double snr = 0;      // dB, of kNoisy, by the mean squares of both
  double seconds = 0;  // above 0: only so much of the beginning, before all else

  bool changes() const { return kind != Kind::kPlain || seconds > 0; }
  // How many samples of a reference are left.
  size_t length(size_t samples, int sample_rate) const;
};

// The reference as it sounds. `noise`: at least as many numbers as are left, of any level; for
// kSilence and kPlain it may be empty. Noise without any power, and a reference without any, stay
// as they are.
template <typename Real>
std::vector<Real> degrade(std::span<const Real> reference, int sample_rate,
                          const ReferenceSound& sound, std::span<const Real> noise);

std::vector<float> draw_noise(size_t samples, Random& random);

}  // namespace bonafide
