#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace bonafide {

// A linear-prediction vocoder: every 5 ms the spectrum becomes an all-pole filter of so many poles
// (autocorrelation under a 25 ms Hamming window, Levinson-Durbin), the voice a train of pulses at
// the pitch that WORLD's DIO finds, or white noise drawn with `seed`. The residual's energy is kept
// frame by frame. Same length as the input.
std::vector<double> lpc_vocode(std::span<const double> x, double rate, int order, uint64_t seed);

// The reflection-stable predictor of an autocorrelation (order + 1 lags): x[n] is about the sum of
// a[k] x[n - 1 - k]. Also gives the energy of what is left.
struct Predictor {
  std::vector<double> coefficients;
  double residual = 0;
};
Predictor levinson_durbin(std::span<const double> autocorrelation);

}  // namespace bonafide
