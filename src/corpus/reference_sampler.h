#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "corpus/trial.h"

namespace bonafide {

// What a trial is compared with.
struct ReferenceRules {
  enum class Draw {
    kSpeaker,       // what the trial names, or else a recording of its speaker
    kOtherSpeaker,  // a recording of anybody else, whatever the trial names
    kListed,        // what the trial names
  };
  Draw draw = Draw::kSpeaker;
  bool exclude_self = true;  // a recording is never compared with itself
};

// Draws references from the bona fide recordings of a list of trials, each of them equally often,
// as RAT trains and is evaluated (Differential-Detection, which does not exclude the trial's own
// recording). A trial's speaker is whom it claims to be, where it says so.
class ReferenceSampler {
 public:
  ReferenceSampler(const std::vector<Trial>& trials, const ReferenceRules& rules);

  // Why there is nothing to compare a trial with, naming it; empty when there is something.
  std::string objection(const Trial& trial) const;

  // Where the reference lies, for a trial without objection. What is drawn depends on the
  // recordings that there are, not on their order.
  AudioLocation draw(const Trial& trial, Random& random) const;

 private:
  using Range = std::pair<size_t, size_t>;  // of candidates_, from ... to before ...

  bool keeps_its_own(const Trial& trial) const;
  std::vector<Range> pool(const Trial& trial) const;

  const ReferenceRules rules_;
  std::vector<AudioLocation> candidates_;  // by speaker
  std::map<std::string, Range> speakers_;
  std::map<std::string, size_t> places_;  // of the recordings of these names
};

}  // namespace bonafide
