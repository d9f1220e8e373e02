#include "augment/vocoder.h"

#include <fmt/format.h>

#include <cmath>
#include <string>

#include "augment/griffin_lim.h"
#include "augment/levels.h"
#include "augment/lpc_vocoder.h"
#include "augment/world.h"
#include "base/error.h"
#include "base/text.h"

namespace bonafide {

namespace {

// WORLD's and LPC's pitch search is meant for speech rates; below, its band goes beyond half the
// rate.
constexpr int kLowestVocoderRate = 8000;

Waveform from_doubles(const std::vector<double>& samples, int sample_rate) {
  return {{samples.begin(), samples.end()}, sample_rate};
}

Waveform copy_world(const Waveform& original, uint64_t) {
  const std::vector<double> x(original.samples.begin(), original.samples.end());
  const double rate = original.sample_rate;
  const WorldOptions options;
  const auto f0 = world_stonemask(x, rate, world_dio(x, rate, options), options);
  const WorldFrames spectrogram = world_cheaptrick(x, rate, f0, options);
  const WorldFrames aperiodicity = world_d4c(x, rate, f0, options);
  return from_doubles(world_synthesis(f0, spectrogram, aperiodicity, x.size(), rate, options),
                      original.sample_rate);
}

template <int order>
Waveform copy_lpc(const Waveform& original, uint64_t seed) {
  const std::vector<double> x(original.samples.begin(), original.samples.end());
  return from_doubles(lpc_vocode(x, original.sample_rate, order, seed), original.sample_rate);
}

constexpr int kIterations = 32;

Waveform copy_griffin_lim(const Waveform& original, uint64_t seed) {
  return {griffin_lim(original.samples, kIterations, seed), original.sample_rate};
}

Waveform copy_griffin_lim_mel(const Waveform& original, uint64_t seed) {
  constexpr int kBands = 80;
  return {griffin_lim_mel(original.samples, original.sample_rate, kBands, kIterations, seed),
          original.sample_rate};
}

}  // namespace

const std::vector<Vocoder>& vocoders() {
  static const std::vector<Vocoder> table = {
      {"griffin-lim", "STFT magnitudes, phases found again", copy_griffin_lim},
      {"griffin-lim-mel", "the same from 80 mel bands", copy_griffin_lim_mel},
      {"world", "pitch, envelope and aperiodicity of WORLD", copy_world},
      {"lpc", "linear prediction of order 20, pulses or noise", copy_lpc<20>},
  };
  return table;
}

const Vocoder& find_vocoder(std::string_view name) {
  std::vector<std::string> names;
  for (const Vocoder& vocoder : vocoders()) {
    if (vocoder.name == name) return vocoder;
    names.emplace_back(vocoder.name);
  }
  const auto meant = nearest(name, names);
  throw UsageError(fmt::format("unknown vocoder \"{}\" ({}{})", printable(name),
                               meant ? "did you mean " : "there are: ",
                               meant ? *meant : fmt::format("{}", fmt::join(names, ", "))));
}

Waveform copy_synthesis(const Waveform& original, const Vocoder& vocoder, uint64_t seed) {
  if (original.samples.empty()) return original;
  if (original.seconds() > kMostVocodedSeconds) {
    throw Error(fmt::format("{:.0f} s; a vocoder takes at most {:.0f} s", original.seconds(),
                            kMostVocodedSeconds));
  }
  if (original.sample_rate < kLowestVocoderRate) {
    throw Error(fmt::format("{} Hz; a vocoder needs at least {} Hz", original.sample_rate,
                            kLowestVocoderRate));
  }
  Waveform copy = vocoder.copy(original, seed);
  const double wanted = power_of(original.samples), found = power_of(copy.samples);
  if (wanted > 0 && found > 0) {
    const auto gain = static_cast<float>(std::sqrt(wanted / found));
    for (float& sample : copy.samples) sample *= gain;
  }
  return copy;
}

}  // namespace bonafide
