#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "base/random.h"
#include "corpus/trial.h"

namespace bonafide {

// Gives each trial a bona fide recording of its speaker, or of whom it claims to be, from the same
// list, as RAT trains and is
// evaluated (Differential-Detection: a uniform draw at every access). A trial that names its
// reference itself keeps it.
class ReferenceSampler {
 public:
  // `exclude_self`: a bona fide trial never gets its own recording; without it (as the reference
  // has it) it may. The trials must outlive the sampler. Throws UsageError naming a trial for whom
  // there is nothing to draw.
  ReferenceSampler(const std::vector<Trial>& trials, bool exclude_self);

  // Where the reference for trial number `trial` lies.
  AudioLocation draw(size_t trial, Random& random) const;

 private:
  const std::vector<size_t>& candidates(size_t trial) const;
  bool is_candidate(size_t trial) const;
  bool is_own_candidate(size_t trial) const;

  const std::vector<Trial>& trials_;
  bool exclude_self_;
  std::map<std::string, std::vector<size_t>> bona_fide_;  // trials, in order, of each speaker
};

}  // namespace bonafide
