#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/random.h"

namespace bonafide {

// Draws trials with replacement: writes how often each trial is in the resample.
class Resampler {
 public:
  virtual ~Resampler() = default;
  virtual void draw(Random& random, std::span<uint32_t> copies) const = 0;
};

// N of N trials, whatever their class.
std::unique_ptr<Resampler> plain_resampler();

// As many of each stratum (class) as it has. `stratum`: one small number per trial.
std::unique_ptr<Resampler> stratified_resampler(std::span<const uint8_t> stratum);

// K of K clusters (speakers); the trials of each drawn cluster are resampled once, and that sample
// counts as often as the cluster was drawn (ConfidenceIntervals of Ferrer and Riera).
enum class ClusterDraws {
  kIndependent,
  // As that tool does it: its generator is seeded anew for the speakers and for every cluster, so
  // that clusters of the same size share one pattern of draws. Published intervals depend on it.
  kReseeded,
};
std::unique_ptr<Resampler> clustered_resampler(std::span<const uint32_t> cluster,
                                               ClusterDraws draws = ClusterDraws::kIndependent);

// For trials with two speakers (claimed and speaking, say), codes of one common list: K of K
// speakers are drawn, and a trial counts by the product of the draws of its speakers, or by the
// draw of the one speaker if both are the same.
std::unique_ptr<Resampler> joint_resampler(std::span<const uint32_t> first,
                                           std::span<const uint32_t> second);

}  // namespace bonafide
