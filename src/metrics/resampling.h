#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "metrics/resampler.h"

namespace bonafide {

// How trials are drawn for confidence intervals.
enum class Resampling {
  kPlain,
  kStratified,  // each class keeps its size
  kSpeaker,
  kJoint,  // by the claimed speaker and the one who speaks
};

// Throws UsageError for anything but plain, stratified, speaker, joint.
Resampling parse_resampling(std::string_view name);
std::string_view name_of(Resampling resampling);

// Whose trials they are: a code per trial, of one common list; empty when not known.
struct TrialSpeakers {
  std::vector<uint32_t> speakers;
  std::vector<uint32_t> claims;  // the claimed speaker of a verification trial
};

// A resampler of trials in the order of `classes` (a small number per trial). Throws UsageError
// when it needs speakers or claims that the trials do not have.
std::unique_ptr<Resampler> make_resampler(Resampling resampling, std::span<const uint8_t> classes,
                                          const TrialSpeakers& speakers);

}  // namespace bonafide
