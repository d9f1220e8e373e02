#include "augment/background.h"

#include <cmath>

#include "audio/convolve.h"
#include "augment/levels.h"
#include "augment/parameters.h"
#include "augment/sound_library.h"
#include "base/error.h"

namespace bonafide {

namespace {
double level_of(std::span<const float> samples) {
  constexpr double kFloor = 1e-4;
  return 10 * std::log10(power_of(samples) + kFloor);
}
}  // namespace

std::vector<float> add_noises(std::span<const float> clean,
                              const std::vector<std::vector<float>>& noises,
                              std::span<const double> snr_db) {
  std::vector<float> sum(clean.begin(), clean.end());
  const double level = level_of(clean);
  for (size_t n = 0; n < noises.size(); ++n) {
    const double gain = std::pow(10.0, (level - level_of(noises[n]) - snr_db[n]) / 20);
    for (size_t i = 0; i < sum.size(); ++i) sum[i] += static_cast<float>(gain * noises[n][i]);
  }
  return sum;
}

std::vector<float> reverberate(std::span<const float> x, std::span<const float> response) {
  double energy = 0;
  for (const float value : response) energy += static_cast<double>(value) * value;
  if (!(energy > 0)) return {x.begin(), x.end()};
  std::vector<double> taps;
  for (const float value : response) taps.push_back(value / std::sqrt(energy));
  // Taps beyond the signal's length would only reach what is cut off.
  if (taps.size() > x.size()) taps.resize(x.size());
  const std::vector<double> signal(x.begin(), x.end());
  const std::vector<double> wet = convolve(signal, taps, 0, x.size());
  return {wet.begin(), wet.end()};
}

namespace {

class Background : public Augmentation {
 public:
  Background(const std::string& folder, const std::string& category, Range count, Range snr)
      : library_(folder, category), count_(count), snr_(snr) {}

  Waveform apply(Waveform waveform, Random& random) const override {
    if (waveform.samples.empty()) return waveform;
    const auto fewest = static_cast<uint64_t>(count_.low);
    const uint64_t count = fewest + random.below(static_cast<uint64_t>(count_.high) - fewest + 1);
    std::vector<std::vector<float>> noises;
    std::vector<double> snr;
    for (uint64_t n = 0; n < count; ++n) {
      const size_t drawn = random.below(library_.size());
      noises.push_back(
          library_.stretch(drawn, waveform.sample_rate, waveform.samples.size(), random));
      snr.push_back(snr_.draw(random));
    }
    waveform.samples = add_noises(waveform.samples, noises, snr);
    return waveform;
  }

 private:
  SoundLibrary library_;
  Range count_, snr_;
};

class Reverberation : public Augmentation {
 public:
  Reverberation(const std::string& folder, const std::string& without)
      : library_(folder, "", without) {}

  Waveform apply(Waveform waveform, Random& random) const override {
    if (waveform.samples.empty()) return waveform;
    const auto response = library_.get(random.below(library_.size()), waveform.sample_rate);
    waveform.samples = reverberate(waveform.samples, response->samples);
    return waveform;
  }

 private:
  SoundLibrary library_;
};

std::string needed_folder(Parameters& parameters) {
  const std::string folder = parameters.text("folder", "");
  if (folder.empty()) parameters.refuse("folder", "the folder of the recordings");
  return folder;
}

}  // namespace

std::unique_ptr<Augmentation> make_background(Parameters& parameters) {
  const std::string folder = needed_folder(parameters);
  const std::string category = parameters.text("category", "");
  Range count{1, 1}, snr{0, 15};
  if (category == "music") snr = {5, 15};
  if (category == "speech") {
    count = {3, 7};
    snr = {13, 20};
  }
  count = parameters.range("count", count, 1, 64);
  snr = parameters.range("snr_db", snr, -60, 120);
  return std::make_unique<Background>(folder, category, count, snr);
}

std::unique_ptr<Augmentation> make_reverberation(Parameters& parameters) {
  const std::string folder = needed_folder(parameters);
  return std::make_unique<Reverberation>(folder, parameters.text("without", ""));
}

}  // namespace bonafide
