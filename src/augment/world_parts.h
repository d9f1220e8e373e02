#pragma once

#include <complex>
#include <cstdint>
#include <span>
#include <vector>

#include "audio/fft.h"

namespace bonafide::world {

// What the stages of WORLD share. For world_*.cpp only.

inline constexpr double kTiny = 1e-12;

// Half away from zero.
int round_half_away(double x);

// WORLD's noise: xorshift128 with fixed seeds; the sum of twelve draws is nearly normal.
class Noise {
 public:
  double normal();

 private:
  uint32_t next();
  uint32_t x_ = 123456789, y_ = 362436069, z_ = 521288629, w_ = 88675123;
};

// Linear interpolation of y over rising x (two or more points) at each position; beyond the ends,
// the first and the last line go on.
std::vector<double> interpolate(std::span<const double> x, std::span<const double> y,
                                std::span<const double> positions);

// y at a fractional index, held within y.
double at_index(std::span<const double> y, double index);

double nuttall(size_t i, size_t length);

// Adds to the bins below the fundamental frequency their mirror image about half of it. `power` has
// the bins 0 .. size / 2.
void correct_dc(std::vector<double>& power, double f0, double rate, size_t size);

// The mean of the spectrum (bins 0 .. size / 2) over a rectangle `width` Hz wide around each bin.
std::vector<double> smooth(std::span<const double> power, double width, double rate, size_t size);

// The stretch of a signal around a time, under a window of so many periods of f0, less its
// window-weighted mean, with dither of the given size.
enum class Window { kHann, kBlackman };
struct Frame {
  std::vector<double> samples;
  int half = 0;  // samples on each side of the middle
};
struct FrameShape {
  Window window = Window::kHann;
  double periods = 3;
  bool unit_energy = false;  // the window's
  double dither = 0;
};
Frame cut_frame(std::span<const double> x, double rate, double time, double f0,
                const FrameShape& shape, Noise& noise);

// The transform of real samples, filled up with zeros.
std::vector<std::complex<double>> transform(const FftDouble& fft, std::span<const double> samples);

// Sum of the transform's bins back to real samples, without the factor 1 / size: `half_spectrum`
// has the bins 0 .. size / 2.
std::vector<double> back_to_time(const FftDouble& fft,
                                 std::span<const std::complex<double>> half_spectrum);

// The spectrum (bins 0 .. size / 2) with minimum phase whose log magnitudes are given.
std::vector<std::complex<double>> minimum_phase(const FftDouble& fft,
                                                std::span<const double> log_magnitude);

}  // namespace bonafide::world
