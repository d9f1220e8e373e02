#include "augment/griffin_lim.h"

#include <cmath>
#include <complex>
#include <numbers>

#include "audio/fft.h"
#include "augment/mel_smear.h"
#include "base/random.h"

namespace bonafide {

namespace {

constexpr size_t kWindow = 512;
constexpr size_t kHop = 128;
constexpr size_t kBins = kWindow / 2 + 1;
constexpr float kMomentum = 0.99f;

using Spectra = std::vector<std::complex<float>>;  // frames x kBins

// Short-time Fourier transform and back. The signal is padded by a window on both sides, so that
// every sample lies under as many windows as any other. Two real frames go through one complex
// transform; the number of frames is even.
class Stft {
 public:
  explicit Stft(size_t samples)
      : samples_(samples), frames_(2 * ((samples + kWindow) / (2 * kHop) + 1)) {
    for (size_t i = 0; i < kWindow; ++i) {
      window_[i] = static_cast<float>(
          0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(i) / kWindow));
    }
  }

  Spectra analyse(std::span<const float> signal) {
    std::vector<float> padded(kHop * frames_ + kWindow);
    std::copy(signal.begin(), signal.end(), padded.begin() + kWindow);
    Spectra spectra(frames_ * kBins);
    for (size_t t = 0; t < frames_; t += 2) {
      const float* even = padded.data() + t * kHop;
      const float* odd = even + kHop;
      for (size_t i = 0; i < kWindow; ++i) {
        pair_[i] = {even[i] * window_[i], odd[i] * window_[i]};
      }
      fft_.forward(pair_);
      for (size_t k = 0; k < kBins; ++k) {
        const auto x = pair_[k], mirrored = std::conj(pair_[(kWindow - k) % kWindow]);
        const auto sum = x + mirrored, difference = x - mirrored;
        spectra[t * kBins + k] = {0.5f * sum.real(), 0.5f * sum.imag()};
        spectra[(t + 1) * kBins + k] = {0.5f * difference.imag(), -0.5f * difference.real()};
      }
    }
    return spectra;
  }

  std::vector<float> synthesise(const Spectra& spectra) {
    // Squared Hann windows at a quarter hop add up to 1.5.
    constexpr float kOverlap = 1.5f;
    std::vector<float> padded(kHop * frames_ + kWindow);
    for (size_t t = 0; t < frames_; t += 2) {
      const auto* even = spectra.data() + t * kBins;
      const auto* odd = even + kBins;
      for (size_t k = 0; k < kWindow; ++k) {
        const bool mirrored = k >= kBins;
        const size_t bin = mirrored ? kWindow - k : k;
        const auto e = mirrored ? std::conj(even[bin]) : even[bin];
        const auto o = mirrored ? std::conj(odd[bin]) : odd[bin];
        pair_[k] = {e.real() - o.imag(), e.imag() + o.real()};
      }
      fft_.inverse(pair_);
      float* output = padded.data() + t * kHop;
      for (size_t i = 0; i < kWindow; ++i) output[i] += pair_[i].real() * window_[i] / kOverlap;
      output += kHop;
      for (size_t i = 0; i < kWindow; ++i) output[i] += pair_[i].imag() * window_[i] / kOverlap;
    }
    return {padded.begin() + kWindow, padded.begin() + static_cast<ptrdiff_t>(kWindow + samples_)};
  }

 private:
  size_t samples_;
  size_t frames_;
  Fft fft_{kWindow};
  std::vector<float> window_ = std::vector<float>(kWindow);
  std::vector<std::complex<float>> pair_ = std::vector<std::complex<float>>(kWindow);
};

std::complex<float> with_phase_of(float magnitude, std::complex<float> guide) {
  const float norm = std::sqrt(std::norm(guide));
  return norm > 0 ? guide * (magnitude / norm) : std::complex<float>(magnitude);
}

// Magnitudes, frame after frame, as the invention of phases wants them.
std::vector<float> find_phases(Stft& stft, const std::vector<float>& magnitudes, int iterations,
                               uint64_t seed) {
  Random random(seed);
  Spectra spectra(magnitudes.size());
  for (size_t i = 0; i < spectra.size(); ++i) {
    spectra[i] =
        std::polar(magnitudes[i], static_cast<float>(random.uniform(0, 2 * std::numbers::pi)));
  }
  Spectra before(spectra.size());
  for (int iteration = 0; iteration < iterations; ++iteration) {
    const Spectra consistent = stft.analyse(stft.synthesise(spectra));
    for (size_t i = 0; i < spectra.size(); ++i) {
      const auto ahead = consistent[i] + kMomentum * (consistent[i] - before[i]);
      before[i] = consistent[i];
      spectra[i] = with_phase_of(magnitudes[i], ahead);
    }
  }
  return stft.synthesise(spectra);
}

std::vector<float> magnitudes_of(const Spectra& spectra) {
  std::vector<float> magnitudes(spectra.size());
  for (size_t i = 0; i < spectra.size(); ++i) magnitudes[i] = std::sqrt(std::norm(spectra[i]));
  return magnitudes;
}

}  // namespace

std::vector<float> griffin_lim(std::span<const float> samples, int iterations, uint64_t seed) {
  if (samples.empty()) return {};
  Stft stft(samples.size());
  return find_phases(stft, magnitudes_of(stft.analyse(samples)), iterations, seed);
}

std::vector<float> griffin_lim_mel(std::span<const float> samples, int sample_rate, int bands,
                                   int iterations, uint64_t seed) {
  if (samples.empty()) return {};
  Stft stft(samples.size());
  std::vector<float> magnitudes = magnitudes_of(stft.analyse(samples));
  const MelSmear smear(kBins, sample_rate, bands);
  for (size_t frame = 0; frame * kBins < magnitudes.size(); ++frame) {
    smear.apply(std::span(magnitudes).subspan(frame * kBins, kBins));
  }
  return find_phases(stft, magnitudes, iterations, seed);
}

}  // namespace bonafide
