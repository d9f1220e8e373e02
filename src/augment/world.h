#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "audio/waveform.h"

namespace bonafide {

// WORLD (Morise, Yokomori and Ozawa 2016): DIO and StoneMask find the pitch, CheapTrick the
// spectral envelope, D4C the aperiodicity, and a voice is made from the three. All in double.
//
// Signals are samples at `rate` Hz. Frame i is at i x frame_period_ms; there are
// floor(1000 N / rate / frame_period_ms) + 1. Everything is deterministic: WORLD's own dither and
// noise come from a generator of fixed seed.
struct WorldOptions {
  double frame_period_ms = 5;
  double f0_floor = 71;            // Hz
  double f0_ceiling = 800;         // Hz
  double channels_per_octave = 2;  // of DIO's filter bank
  double allowed_range = 0.1;      // relative jump of the pitch from frame to frame
  double smoothing_q1 = -0.15;     // of CheapTrick's spectral recovery
  double aperiodicity_threshold = 0.85;
  size_t fft_size = 0;  // a power of two; 0: world_fft_size
};

// One value for each frame and frequency bin 0 .. fft_size / 2, row after row.
struct WorldFrames {
  std::vector<double> values;
  size_t bins = 0;

  size_t frames() const { return bins == 0 ? 0 : values.size() / bins; }
  std::span<const double> row(size_t frame) const {
    return std::span(values).subspan(frame * bins, bins);
  }
  std::span<double> row(size_t frame) { return std::span(values).subspan(frame * bins, bins); }
};

size_t world_frames(size_t samples, double rate, const WorldOptions& options);
size_t world_fft_size(double rate, const WorldOptions& options);

// Fundamental frequency in Hz for each frame, 0 where unvoiced.
std::vector<double> world_dio(std::span<const double> x, double rate, const WorldOptions& options);

// The same, refined.
std::vector<double> world_stonemask(std::span<const double> x, double rate,
                                    std::span<const double> f0, const WorldOptions& options);

// Power spectral envelope.
WorldFrames world_cheaptrick(std::span<const double> x, double rate, std::span<const double> f0,
                             const WorldOptions& options);

// Share of noise, as an amplitude ratio in (0, 1).
WorldFrames world_d4c(std::span<const double> x, double rate, std::span<const double> f0,
                      const WorldOptions& options);

std::vector<double> world_synthesis(std::span<const double> f0, const WorldFrames& spectrogram,
                                    const WorldFrames& aperiodicity, size_t samples, double rate,
                                    const WorldOptions& options);

}  // namespace bonafide
