#pragma once

#include <array>
#include <memory>
#include <span>
#include <vector>

#include "augment/augmentation.h"

namespace bonafide {

// A second-order section: b0 + b1 z^-1 + b2 z^-2 over 1 + a1 z^-1 + a2 z^-2.
struct Section {
  double b0 = 1, b1 = 0, b2 = 0, a1 = 0, a2 = 0;
};

enum class Band { kLowPass, kHighPass, kBandPass, kBandStop };

// A digital Butterworth filter by the bilinear transform, its edges prewarped, as sections in
// series. Order: of the low-pass prototype (band filters have twice as many poles). Edges in Hz,
// `high` for the band filters only; they are held within 0.0001 and 0.9999 of the Nyquist
// frequency.
std::vector<Section> butterworth(Band band, int order, double low, double high, double sample_rate);

// The biquads of R. Bristow-Johnson's cookbook.
enum class Shape { kLowShelf, kHighShelf, kPeaking };
Section equaliser(Shape shape, double frequency, double gain_db, double q, double sample_rate);

// The sections in series, begun in the steady state for the first sample, so that a constant in
// front of the signal would have made no difference.
std::vector<float> filter_sections(std::span<const float> x, std::span<const Section> sections);

// One filter with random parameters: {name: filter, kind: low_pass, frequency: [150, 7500], ...}.
// kind: low_pass, high_pass, band_pass, band_stop, low_shelf, high_shelf, peaking, or a list to
// draw from; the defaults of each are those of audiomentations.
std::unique_ptr<Augmentation> make_filter(Parameters& parameters);

}  // namespace bonafide
