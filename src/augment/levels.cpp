#include "augment/levels.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "augment/parameters.h"
#include "base/json_value.h"

namespace bonafide {

double power_of(std::span<const float> samples) {
  if (samples.empty()) return 0;
  double sum = 0;
  for (const float sample : samples) sum += static_cast<double>(sample) * sample;
  return sum / static_cast<double>(samples.size());
}

namespace {

class Gain : public Augmentation {
 public:
  explicit Gain(Range db) : db_(db) {}

  Waveform apply(Waveform waveform, Random& random) const override {
    const auto factor = static_cast<float>(std::pow(10.0, db_.draw(random) / 20));
    for (float& sample : waveform.samples) sample *= factor;
    return waveform;
  }

 private:
  Range db_;
};

// The size that `percent` percent of the samples reach or exceed. NaN counts as silence.
float loudness_quantile(const std::vector<float>& samples, double percent) {
  std::vector<float> sizes;
  sizes.reserve(samples.size());
  for (const float sample : samples) sizes.push_back(std::isnan(sample) ? 0 : std::abs(sample));
  const auto beyond = static_cast<size_t>(static_cast<double>(sizes.size()) * percent / 100);
  const size_t at = sizes.size() - 1 - std::min(beyond, sizes.size() - 1);
  std::nth_element(sizes.begin(), sizes.begin() + static_cast<ptrdiff_t>(at), sizes.end());
  return sizes[at];
}

class Clipping : public Augmentation {
 public:
  Clipping(Range percent, Range threshold, bool by_threshold)
      : percent_(percent), threshold_(threshold), by_threshold_(by_threshold) {}

  Waveform apply(Waveform waveform, Random& random) const override {
    if (waveform.samples.empty()) return waveform;
    const double drawn = (by_threshold_ ? threshold_ : percent_).draw(random);
    const float limit =
        by_threshold_ ? static_cast<float>(
                            drawn * static_cast<double>(loudness_quantile(waveform.samples, 0)))
                      : loudness_quantile(waveform.samples, drawn);
    for (float& sample : waveform.samples) {
      if (std::abs(sample) > limit) sample = std::copysign(limit, sample);
    }
    return waveform;
  }

 private:
  Range percent_, threshold_;
  bool by_threshold_;
};

class TimeMask : public Augmentation {
 public:
  explicit TimeMask(Range length) : length_(length) {}

  Waveform apply(Waveform waveform, Random& random) const override {
    const auto size = static_cast<double>(waveform.samples.size());
    // The bounds are whole samples first, then the length is drawn between them.
    const double length =
        random.uniform(std::floor(length_.low * size), std::floor(length_.high * size));
    const double start = random.uniform(0, size - length);
    const auto begin = waveform.samples.begin() + static_cast<ptrdiff_t>(start);
    std::fill(begin, waveform.samples.begin() + static_cast<ptrdiff_t>(start + length), 0.0f);
    return waveform;
  }

 private:
  Range length_;
};

}  // namespace

std::unique_ptr<Augmentation> make_gain(Parameters& parameters) {
  return std::make_unique<Gain>(parameters.range("db", {-6, 6}, -120, 120));
}

std::unique_ptr<Augmentation> make_clipping(Parameters& parameters) {
  const bool by_threshold = !parameters.raw("threshold").is_null();
  if (by_threshold && !parameters.raw("percent").is_null()) {
    parameters.refuse("percent", "left out when threshold is given");
  }
  const Range percent = parameters.range("percent", {0, 10}, 0, 100);
  const Range threshold = parameters.range("threshold", {1, 1}, 0, 1);
  return std::make_unique<Clipping>(percent, threshold, by_threshold);
}

std::unique_ptr<Augmentation> make_time_mask(Parameters& parameters) {
  return std::make_unique<TimeMask>(parameters.range("length", {0.2, 0.5}, 0, 1));
}

}  // namespace bonafide
