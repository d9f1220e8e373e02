#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "augment/world.h"
#include "augment/world_parts.h"
#include "base/error.h"

namespace bonafide {

namespace {

using namespace world;
using Complex = std::complex<double>;

constexpr double kCutOff = 50;         // Hz of the high pass
constexpr double kNoScore = 100000.0;  // of a candidate that is none

// The frames' pitches that one band of the filter bank proposes, and how little they agree.
struct Candidates {
  std::vector<double> f0, score;
};

struct Events {
  std::vector<double> times;        // s, middles of intervals
  std::vector<double> frequencies;  // Hz, one over the interval
};

// Intervals between the negative-going zero crossings. Positions count from 1, as WORLD's do.
Events find_events(std::span<const double> y, double rate) {
  Events events;
  double before = 0;
  bool first = true;
  for (size_t i = 0; i + 1 < y.size(); ++i) {
    if (!(y[i] > 0 && y[i + 1] <= 0)) continue;
    const double edge = static_cast<double>(i + 1) - y[i] / (y[i + 1] - y[i]);
    if (!first) {
      events.frequencies.push_back(rate / (edge - before));
      events.times.push_back((before + edge) / 2 / rate);
    }
    before = edge;
    first = false;
  }
  return events;
}

// Zero crossings both ways, then peaks and dips, of one band's signal.
std::vector<Events> find_all_events(std::vector<double> y, double rate) {
  std::vector<Events> all;
  all.push_back(find_events(y, rate));
  for (double& value : y) value = -value;
  all.push_back(find_events(y, rate));
  for (size_t i = 0; i + 1 < y.size(); ++i) y[i] -= y[i + 1];
  y.pop_back();
  all.push_back(find_events(y, rate));
  for (double& value : y) value = -value;
  all.push_back(find_events(y, rate));
  return all;
}

Candidates propose(const std::vector<Events>& events, std::span<const double> times, double edge,
                   const WorldOptions& options) {
  Candidates candidates{std::vector<double>(times.size()),
                        std::vector<double>(times.size(), kNoScore / kTiny)};
  std::vector<std::vector<double>> tracks;
  for (const Events& kind : events) {
    if (kind.frequencies.size() < 3) return candidates;
    tracks.push_back(interpolate(kind.times, kind.frequencies, times));
  }
  for (size_t t = 0; t < times.size(); ++t) {
    double mean = 0, squares = 0;
    for (const auto& track : tracks) mean += track[t] / 4;
    for (const auto& track : tracks) squares += (track[t] - mean) * (track[t] - mean);
    const bool inside =
        mean <= edge && mean >= edge / 2 && mean <= options.f0_ceiling && mean >= options.f0_floor;
    if (!inside) continue;
    candidates.f0[t] = mean;
    candidates.score[t] = std::sqrt(squares / 3) / (mean + kTiny);
  }
  return candidates;
}

// The filter bank over one signal.
class Bank {
 public:
  Bank(std::span<const double> x, double rate, size_t longest_half)
      : rate_(rate),
        length_(x.size() + 1),
        fft_(std::bit_ceil(length_ + 4 * longest_half +
                           2 * static_cast<size_t>(round_half_away(rate / kCutOff)) + 2)) {
    std::vector<double> y(x.begin(), x.end());
    y.push_back(0);
    double mean = 0;
    for (const double value : y) mean += value;
    mean /= static_cast<double>(length_);
    for (double& value : y) value -= mean;
    spectrum_ = transform(fft_, y);
    cut_low();
  }

  // Low-passed by a Nuttall window of 4 x half points, without its delay.
  std::vector<double> filter(size_t half) const {
    std::vector<double> window(4 * half);
    for (size_t i = 0; i < window.size(); ++i) window[i] = nuttall(i, window.size());
    auto product = transform(fft_, window);
    multiply(product, spectrum_);
    const auto filtered = back_to_time(fft_, product);
    const auto begin = filtered.begin() + static_cast<ptrdiff_t>(2 * half);
    return {begin, begin + static_cast<ptrdiff_t>(length_)};
  }

 private:
  static void multiply(std::vector<Complex>& a, const std::vector<Complex>& b) {
    for (size_t k = 0; k < a.size(); ++k) {
      a[k] = {a[k].real() * b[k].real() - a[k].imag() * b[k].imag(),
              a[k].real() * b[k].imag() + a[k].imag() * b[k].real()};
    }
  }

  // One minus a normalised Hann window, with zero phase.
  void cut_low() {
    const auto side = static_cast<size_t>(round_half_away(rate_ / kCutOff));
    const size_t points = 2 * side + 1;
    std::vector<double> hann(points);
    double sum = 0;
    for (size_t i = 0; i < points; ++i) {
      hann[i] = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(i + 1) /
                                     static_cast<double>(points + 1));
      sum += hann[i];
    }
    std::vector<double> response(fft_.size());
    for (size_t i = 0; i < points; ++i) {
      response[(i + fft_.size() - side) % fft_.size()] = -hann[i] / sum;
    }
    response[0] += 1;
    multiply(spectrum_, transform(fft_, response));
  }

  double rate_;
  size_t length_;
  FftDouble fft_;
  std::vector<Complex> spectrum_;
};

using Contour = std::vector<double>;

Contour best_of(const std::vector<Candidates>& bands, size_t frames) {
  Contour best(frames);
  for (size_t t = 0; t < frames; ++t) {
    size_t chosen = 0;
    for (size_t b = 1; b < bands.size(); ++b) {
      if (bands[b].score[t] < bands[chosen].score[t]) chosen = b;
    }
    best[t] = bands[chosen].f0[t];
  }
  return best;
}

// What the contour may be at frame t, after `current` and `past` (its neighbour and the next one).
double choose_near(double current, double past, const std::vector<Candidates>& bands, size_t t,
                   double allowed) {
  const double expected = (current * 3 - past) / 2;
  double best = bands[0].f0[t];
  for (const Candidates& band : bands) {
    if (std::abs(expected - band.f0[t]) < std::abs(expected - best)) best = band.f0[t];
  }
  return std::abs(1 - best / expected) > allowed ? 0 : best;
}

Contour without_jumps(Contour best, size_t shortest, double allowed) {
  const size_t frames = best.size();
  std::fill(best.begin(), best.begin() + static_cast<ptrdiff_t>(shortest), 0.0);
  std::fill(best.end() - static_cast<ptrdiff_t>(shortest), best.end(), 0.0);
  Contour kept(frames);
  for (size_t t = shortest; t < frames; ++t) {
    const double jump = std::abs((best[t] - best[t - 1]) / (kTiny + best[t]));
    kept[t] = jump < allowed ? best[t] : 0;
  }
  return kept;
}

Contour without_short_sections(const Contour& contour, size_t shortest) {
  Contour kept = contour;
  const size_t side = (shortest - 1) / 2;
  for (size_t t = side; t + side < contour.size(); ++t) {
    const auto middle = contour.begin() + static_cast<ptrdiff_t>(t);
    const auto reach = static_cast<ptrdiff_t>(side);
    if (std::find(middle - reach, middle + reach + 1, 0.0) != middle + reach + 1) kept[t] = 0;
  }
  return kept;
}

struct Sections {
  std::vector<size_t> starts;  // first frame of each voiced section
  std::vector<size_t> ends;    // last frame
};

Sections find_sections(const Contour& contour) {
  Sections sections;
  for (size_t t = 1; t < contour.size(); ++t) {
    if (contour[t] == 0 && contour[t - 1] != 0) sections.ends.push_back(t - 1);
    if (contour[t] != 0 && contour[t - 1] == 0) sections.starts.push_back(t);
  }
  return sections;
}

void extend_forwards(Contour& f0, const Sections& sections, const std::vector<Candidates>& bands,
                     double allowed) {
  for (size_t s = 0; s < sections.ends.size(); ++s) {
    const bool last = s + 1 == sections.ends.size();
    const size_t limit = last ? f0.size() - 1 : sections.ends[s + 1];
    for (size_t t = sections.ends[s]; t < limit; ++t) {
      f0[t + 1] = choose_near(f0[t], f0[t - 1], bands, t + 1, allowed);
      if (f0[t + 1] == 0) break;
    }
  }
}

void extend_backwards(Contour& f0, const Sections& sections, const std::vector<Candidates>& bands,
                      double allowed) {
  for (size_t s = sections.starts.size(); s-- > 0;) {
    const size_t limit = s == 0 ? 1 : sections.starts[s - 1];
    for (size_t t = sections.starts[s]; t > limit; --t) {
      f0[t - 1] = choose_near(f0[t], f0[t + 1], bands, t - 1, allowed);
      if (f0[t - 1] == 0) break;
    }
  }
}

}  // namespace

size_t world_frames(size_t samples, double rate, const WorldOptions& options) {
  return static_cast<size_t>(1000.0 * static_cast<double>(samples) / rate /
                             options.frame_period_ms) +
         1;
}

size_t world_fft_size(double rate, const WorldOptions& options) {
  if (options.fft_size > 0) return options.fft_size;
  return size_t{2} << static_cast<int>(std::log2(3 * rate / options.f0_floor + 1));
}

std::vector<double> world_dio(std::span<const double> x, double rate, const WorldOptions& options) {
  const size_t frames = world_frames(x.size(), rate, options);
  const auto shortest =
      2 * static_cast<size_t>(0.5 + 1000 / options.frame_period_ms / options.f0_floor) + 1;
  if (frames <= 2 * shortest) return std::vector<double>(frames);
  std::vector<double> times(frames);
  for (size_t t = 0; t < frames; ++t) {
    times[t] = static_cast<double>(t) * options.frame_period_ms / 1000;
  }
  const int count = 1 + static_cast<int>(std::log2(options.f0_ceiling / options.f0_floor) *
                                         options.channels_per_octave);
  const auto edge_of = [&](int band) {
    return options.f0_floor * std::pow(2.0, (band + 1) / options.channels_per_octave);
  };
  const auto half_of = [&](int band) {
    return static_cast<size_t>(std::max(1, round_half_away(rate / edge_of(band) / 2)));
  };
  const Bank bank(x, rate, half_of(0));
  std::vector<Candidates> bands;
  for (int band = 0; band < count; ++band) {
    const auto events = find_all_events(bank.filter(half_of(band)), rate);
    bands.push_back(propose(events, times, edge_of(band), options));
  }
  const double allowed = options.allowed_range;
  Contour f0 = without_jumps(best_of(bands, frames), shortest, allowed);
  f0 = without_short_sections(f0, shortest);
  const Sections sections = find_sections(f0);
  extend_forwards(f0, sections, bands, allowed);
  extend_backwards(f0, sections, bands, allowed);
  return f0;
}

}  // namespace bonafide
