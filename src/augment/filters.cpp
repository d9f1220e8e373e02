#include "augment/filters.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <string>

#include "augment/parameters.h"

namespace bonafide {

namespace {

using Complex = std::complex<double>;

// The analogue frequency that the bilinear transform z = (4 + s) / (4 - s) brings to `frequency`.
double prewarp(double frequency, double sample_rate) {
  const double relative = std::clamp(frequency / (sample_rate / 2), 0.0001, 0.9999);
  return 4 * std::tan(std::numbers::pi * relative / 2);
}

Complex bilinear(Complex s) { return (4.0 + s) / (4.0 - s); }

// Poles of the low-pass prototype in the upper half plane, and the one on the axis last.
std::vector<Complex> prototype_poles(int order) {
  std::vector<Complex> poles;
  for (int k = 0; k < (order + 1) / 2; ++k) {
    const double angle = std::numbers::pi * (2 * k + 1) / (2.0 * order) + std::numbers::pi / 2;
    poles.push_back(2 * k + 1 == order ? Complex(-1) : std::polar(1.0, angle));
  }
  return poles;
}

// |section| at z on the unit circle.
double magnitude(const Section& section, double angle) {
  const Complex z = std::polar(1.0, -angle);
  return std::abs((section.b0 + section.b1 * z + section.b2 * z * z) /
                  (1.0 + section.a1 * z + section.a2 * z * z));
}

// A section with these poles (digital; `second` is the conjugate, or another real one, or 0 for a
// section of first order) and numerator, with gain 1 at the angle.
Section with_unit_gain(Complex first, Complex second, double b0, double b1, double b2,
                       double angle) {
  Section section{b0, b1, b2, -(first + second).real(), (first * second).real()};
  const double gain = magnitude(section, angle);
  section.b0 /= gain;
  section.b1 /= gain;
  section.b2 /= gain;
  return section;
}

}  // namespace

std::vector<Section> butterworth(Band band, int order, double low, double high,
                                 double sample_rate) {
  const double w1 = prewarp(low, sample_rate);
  std::vector<Section> sections;
  if (band == Band::kLowPass || band == Band::kHighPass) {
    const bool passes_low = band == Band::kLowPass;
    const double zero = passes_low ? 1 : -1;  // numerator (1 + zero z^-1)^n
    const double angle = passes_low ? 0 : std::numbers::pi;
    for (const Complex p : prototype_poles(order)) {
      const Complex pole = bilinear(passes_low ? w1 * p : w1 / p);
      if (p.imag() == 0) {
        sections.push_back(with_unit_gain(pole, 0, 1, zero, 0, angle));
      } else {
        sections.push_back(with_unit_gain(pole, std::conj(pole), 1, 2 * zero, 1, angle));
      }
    }
    return sections;
  }
  const double w2 = std::max(prewarp(high, sample_rate), w1 * (1 + 1e-9));
  const double centre = std::sqrt(w1 * w2);
  const double angle = 2 * std::atan(centre / 4);  // where both kinds are symmetric about
  for (const Complex p : prototype_poles(order)) {
    const Complex half = (band == Band::kBandPass ? p : 1.0 / p) * ((w2 - w1) / 2);
    const Complex root = std::sqrt(half * half - centre * centre);
    const Complex plus = bilinear(half + root), minus = bilinear(half - root);
    const auto add = [&](Complex first, Complex second) {
      if (band == Band::kBandPass) {
        sections.push_back(with_unit_gain(first, second, 1, 0, -1, angle));
      } else {
        sections.push_back(with_unit_gain(first, second, 1, -2 * std::cos(angle), 1, 0));
      }
    };
    if (p.imag() == 0) {
      add(plus, minus);
    } else {
      add(plus, std::conj(plus));
      add(minus, std::conj(minus));
    }
  }
  return sections;
}

Section equaliser(Shape shape, double frequency, double gain_db, double q, double sample_rate) {
  const double amplitude = std::pow(10.0, gain_db / 40);
  const double w = 2 * std::numbers::pi * std::clamp(frequency / sample_rate, 0.00005, 0.49995);
  const double cosine = std::cos(w);
  const double alpha = std::sin(w) / (2 * q);
  double b0, b1, b2, a0, a1, a2;
  if (shape == Shape::kPeaking) {
    b0 = 1 + alpha * amplitude;
    b1 = a1 = -2 * cosine;
    b2 = 1 - alpha * amplitude;
    a0 = 1 + alpha / amplitude;
    a2 = 1 - alpha / amplitude;
  } else {
    const double side = shape == Shape::kLowShelf ? 1 : -1;  // the high shelf is the mirror image
    const double up = amplitude + 1, down = (amplitude - 1) * side * cosine;
    const double slope = 2 * std::sqrt(amplitude) * alpha;
    b0 = amplitude * (up - down + slope);
    b1 = side * 2 * amplitude * (amplitude - 1 - side * up * cosine);
    b2 = amplitude * (up - down - slope);
    a0 = up + down + slope;
    a1 = side * -2 * (amplitude - 1 + side * up * cosine);
    a2 = up + down - slope;
  }
  return {b0 / a0, b1 / a0, b2 / a0, a1 / a0, a2 / a0};
}

std::vector<float> filter_sections(std::span<const float> x, std::span<const Section> sections) {
  std::vector<double> y(x.begin(), x.end());
  for (const Section& s : sections) {
    if (y.empty()) break;
    // Transposed direct form II. In the steady state for a constant c the output is g c.
    const double gain = (s.b0 + s.b1 + s.b2) / (1 + s.a1 + s.a2);
    double first = (gain - s.b0) * y[0];
    double second = (s.b2 - s.a2 * gain) * y[0];
    for (double& value : y) {
      const double in = value;
      value = s.b0 * in + first;
      first = s.b1 * in - s.a1 * value + second;
      second = s.b2 * in - s.a2 * value;
    }
  }
  std::vector<float> filtered;
  filtered.reserve(y.size());
  for (const double value : y) filtered.push_back(static_cast<float>(value));
  return filtered;
}

namespace {

// Frequencies are drawn uniformly in mel.
double to_mel(double hertz) { return 2595 * std::log10(1 + hertz / 700); }
double from_mel(double mel) { return 700 * (std::pow(10.0, mel / 2595) - 1); }

struct FilterKind {
  std::string_view name;
  Range frequency;  // Hz: centre or cut-off
  Range gain_db;    // shelves and peaking
  Range q;          // the same
};

constexpr std::array<FilterKind, 7> kKinds = {{
    {"band_pass", {200, 4000}, {}, {}},
    {"band_stop", {200, 4000}, {}, {}},
    {"high_pass", {20, 2400}, {}, {}},
    {"low_pass", {150, 7500}, {}, {}},
    {"high_shelf", {300, 7500}, {-18, 18}, {0.1, 0.999}},
    {"low_shelf", {50, 4000}, {-18, 18}, {0.1, 0.999}},
    {"peaking", {50, 7500}, {-24, 24}, {0.5, 5}},
}};

class Filter : public Augmentation {
 public:
  std::vector<FilterKind> kinds;
  Range width{0.5, 1.99};  // of the centre
  int order_low = 2, order_high = 4;

  Waveform apply(Waveform waveform, Random& random) const override {
    const FilterKind& kind = kinds[random.below(kinds.size())];
    const double frequency =
        from_mel(random.uniform(to_mel(kind.frequency.low), to_mel(kind.frequency.high)));
    waveform.samples =
        filter_sections(waveform.samples, design(kind, frequency, waveform.sample_rate, random));
    return waveform;
  }

 private:
  std::vector<Section> design(const FilterKind& kind, double frequency, double rate,
                              Random& random) const {
    if (kind.q.high > 0) {
      const Shape shape = kind.name == "peaking"     ? Shape::kPeaking
                          : kind.name == "low_shelf" ? Shape::kLowShelf
                                                     : Shape::kHighShelf;
      const double gain = kind.gain_db.draw(random);
      return {equaliser(shape, frequency, gain, kind.q.draw(random), rate)};
    }
    const int order =
        order_low +
        static_cast<int>(random.below(static_cast<uint64_t>(order_high - order_low + 1)));
    if (kind.name == "low_pass") return butterworth(Band::kLowPass, order, frequency, 0, rate);
    if (kind.name == "high_pass") return butterworth(Band::kHighPass, order, frequency, 0, rate);
    const double half = frequency * width.draw(random) / 2;
    const Band band = kind.name == "band_pass" ? Band::kBandPass : Band::kBandStop;
    return butterworth(band, order, frequency - half, frequency + half, rate);
  }
};

}  // namespace

std::unique_ptr<Augmentation> make_filter(Parameters& parameters) {
  auto filter = std::make_unique<Filter>();
  std::vector<std::string> all;
  for (const FilterKind& kind : kKinds) all.emplace_back(kind.name);
  for (const std::string& name : parameters.texts("kind", all)) {
    const auto kind = std::find_if(kKinds.begin(), kKinds.end(),
                                   [&](const FilterKind& known) { return known.name == name; });
    if (kind == kKinds.end()) {
      std::string known;
      for (const std::string& one : all) known += (known.empty() ? "" : ", ") + one;
      parameters.refuse("kind", "one or some of " + known);
    }
    filter->kinds.push_back(*kind);
  }
  for (FilterKind& kind : filter->kinds) {
    kind.frequency = parameters.range("frequency", kind.frequency, 1, 1e6);
    if (kind.q.high > 0) {
      kind.gain_db = parameters.range("gain_db", kind.gain_db, -60, 60);
      kind.q = parameters.range("q", kind.q, 0.01, 100);
    }
  }
  filter->width = parameters.range("bandwidth", filter->width, 0.01, 1.999);
  const Range order = parameters.range("order", {2, 4}, 1, 16);
  filter->order_low = static_cast<int>(order.low);
  filter->order_high = static_cast<int>(order.high);
  return filter;
}

}  // namespace bonafide
