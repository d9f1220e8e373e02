#include "train/reference_sampler.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace bonafide {

namespace {

// Whose recordings the trial is compared with.
const std::string& referred_speaker(const Trial& trial) {
  return trial.claimed_speaker.empty() ? trial.speaker : trial.claimed_speaker;
}

}  // namespace

ReferenceSampler::ReferenceSampler(const std::vector<Trial>& trials, bool exclude_self)
    : trials_(trials), exclude_self_(exclude_self) {
  for (size_t i = 0; i < trials.size(); ++i) {
    if (is_candidate(i)) bona_fide_[trials[i].speaker].push_back(i);
  }
  for (size_t i = 0; i < trials.size(); ++i) {
    const Trial& trial = trials[i];
    if (!trial.reference.empty()) continue;
    const std::string& speaker = referred_speaker(trial);
    if (speaker.empty()) {
      throw UsageError(
          fmt::format("{} has neither a reference nor a speaker", printable(trial.id)));
    }
    const size_t own = exclude_self_ && is_own_candidate(i) ? 1 : 0;
    if (candidates(i).size() <= own) {
      throw UsageError(fmt::format("{}: there is no {}bona fide recording of {} to refer to",
                                   printable(trial.id), own > 0 ? "other " : "",
                                   printable(speaker)));
    }
  }
}

bool ReferenceSampler::is_candidate(size_t trial) const {
  return trials_[trial].label == Label::kBonaFide;
}

// Whether it is among its own candidates.
bool ReferenceSampler::is_own_candidate(size_t trial) const {
  return is_candidate(trial) && referred_speaker(trials_[trial]) == trials_[trial].speaker;
}

const std::vector<size_t>& ReferenceSampler::candidates(size_t trial) const {
  static const std::vector<size_t> none;
  const auto found = bona_fide_.find(referred_speaker(trials_[trial]));
  return found == bona_fide_.end() ? none : found->second;
}

AudioLocation ReferenceSampler::draw(size_t trial, Random& random) const {
  if (!trials_[trial].reference.empty()) return trials_[trial].reference;
  const std::vector<size_t>& all = candidates(trial);
  if (!exclude_self_ || !is_own_candidate(trial)) {
    return location_of(trials_[all[random.below(all.size())]]);
  }
  // One of the others: the numbers from the own place on mean the next one.
  const auto own =
      static_cast<size_t>(std::lower_bound(all.begin(), all.end(), trial) - all.begin());
  const size_t drawn = random.below(all.size() - 1);
  return location_of(trials_[all[drawn < own ? drawn : drawn + 1]]);
}

}  // namespace bonafide
