#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "augment/augmentation.h"
#include "augment/parameters.h"
#include "base/random.h"

namespace bonafide {

// RawBoost (Tak et al. 2022), as the RAT and SAME recipes use it. The draws are structures of their
// own, so that the same draws give the same samples. All in double.

// A cascade of band-stop filters, drawn.
struct Notch {
  struct Band {
    double centre = 0;  // Hz
    double width = 0;   // Hz
    int taps = 3;       // an even number is made odd by one more
  };
  std::vector<Band> bands;
  double gain_db = 0;  // of the largest magnitude of the whole cascade
};

struct NotchRanges {
  int bands = 5;
  Range centre{20, 8000};  // Hz
  Range width{100, 1000};  // Hz
  Range taps{10, 100};     // truncated to a whole number
  Range gain_db{0, 0};
};

// Draws per band centre, width and taps, then the gain.
Notch draw_notch(const NotchRanges& ranges, Random& random);

// The cascade's taps (an odd number): linear-phase band-stop filters under a Hamming window, each
// scaled to gain 1 at 0 Hz, convolved; then scaled so that the largest magnitude on
// `frequency_points` frequencies pi k / points, k = 0 .. points - 1, is the gain.
std::vector<double> notch_filter(const Notch& notch, double sample_rate,
                                 size_t frequency_points = 512);

// As the published code filters: as long as the input, and one sample earlier than linear phase
// says.
std::vector<double> filter_centred(std::span<const double> x, std::span<const double> taps);

// x divided by its peak: always, or only when the peak exceeds 1. A signal of zeros stays.
enum class Peak { kAlways, kWhenOver };
void normalise_peak(std::span<double> x, Peak rule);

// 1, linear and non-linear convolutive noise: sum of x^(i+1) through filter i, less its mean,
// normalised when over 1.
std::vector<double> convolutive_noise(std::span<const double> x,
                                      const std::vector<std::vector<double>>& filters);

// 2, impulsive signal-dependent noise: x[p] += gain x[p] (2 u1 - 1)(2 u2 - 1), normalised when over
// 1. Positions must lie within x.
struct Impulse {
  size_t position;
  double u1, u2;  // [0, 1)
};
std::vector<double> impulsive_noise(std::span<const double> x, std::span<const Impulse> impulses,
                                    double gain);

// 3, stationary signal-independent noise: the noise (as long as x) through the filter, its peak
// made 1, added at the signal-to-noise ratio in dB. Not normalised. A silent x stays silent.
std::vector<double> stationary_noise(std::span<const double> x, std::span<const double> noise,
                                     std::span<const double> filter, double snr_db);

// {name: rawboost, algorithm: 5, ...}: see recipes/defaults.yaml.
std::unique_ptr<Augmentation> make_rawboost(Parameters& parameters);

}  // namespace bonafide
