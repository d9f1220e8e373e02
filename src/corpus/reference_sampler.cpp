#include "corpus/reference_sampler.h"

#include <fmt/format.h>

#include "base/text.h"

namespace bonafide {

namespace {

// Whose recordings the trial is compared with.
const std::string& referred_speaker(const Trial& trial) {
  return trial.claimed_speaker.empty() ? trial.speaker : trial.claimed_speaker;
}

}  // namespace

ReferenceSampler::ReferenceSampler(const std::vector<Trial>& trials, const ReferenceRules& rules)
    : rules_(rules) {
  // Each recording once, however many trials it has, in order of speakers and names.
  std::map<std::string, std::map<std::string, AudioLocation>> bona_fide;
  for (const Trial& trial : trials) {
    if (!is_bona_fide(trial.truth) || trial.speaker.empty()) continue;
    const AudioLocation location = location_of(trial);
    bona_fide[trial.speaker].emplace(location.name(), location);
  }
  for (const auto& [speaker, recordings] : bona_fide) {
    const size_t begin = candidates_.size();
    for (const auto& [name, location] : recordings) {
      places_.emplace(name, candidates_.size());
      candidates_.push_back(location);
    }
    speakers_[speaker] = {begin, candidates_.size()};
  }
}

// Whether what it names itself is what it is compared with.
bool ReferenceSampler::keeps_its_own(const Trial& trial) const {
  return rules_.draw != ReferenceRules::Draw::kOtherSpeaker && !trial.reference.path.empty();
}

// What may be drawn, in order.
std::vector<ReferenceSampler::Range> ReferenceSampler::pool(const Trial& trial) const {
  const auto speaker = speakers_.find(referred_speaker(trial));
  const auto [begin, end] = speaker == speakers_.end() ? Range(0, 0) : speaker->second;
  std::vector<Range> ranges = {{begin, end}};
  if (rules_.draw == ReferenceRules::Draw::kOtherSpeaker) {
    ranges = {{0, begin}, {end, candidates_.size()}};
  }
  const auto own = places_.find(location_of(trial).name());
  if (!rules_.exclude_self || own == places_.end()) return ranges;
  std::vector<Range> without;
  for (const auto& [from, to] : ranges) {
    const bool inside = from <= own->second && own->second < to;
    without.emplace_back(from, inside ? own->second : to);
    if (inside) without.emplace_back(own->second + 1, to);
  }
  return without;
}

std::string ReferenceSampler::objection(const Trial& trial) const {
  if (keeps_its_own(trial)) return "";
  const std::string name = printable(trial.id);
  if (rules_.draw == ReferenceRules::Draw::kListed) return name + " names no reference";
  const std::string& speaker = referred_speaker(trial);
  if (speaker.empty()) return name + " has neither a reference nor a speaker";
  size_t there = 0;
  for (const auto& [from, to] : pool(trial)) there += to - from;
  if (there > 0) return "";
  const bool other = rules_.draw == ReferenceRules::Draw::kOtherSpeaker;
  return fmt::format("{}: there is no {}bona fide recording of {}{} to compare it with", name,
                     rules_.exclude_self && !other ? "other " : "", other ? "anybody but " : "",
                     printable(speaker));
}

AudioLocation ReferenceSampler::draw(const Trial& trial, Random& random) const {
  if (keeps_its_own(trial)) return trial.reference;
  const std::vector<Range> ranges = pool(trial);
  size_t there = 0;
  for (const auto& [from, to] : ranges) there += to - from;
  size_t drawn = random.below(there);
  auto range = ranges.begin();
  for (; drawn >= range->second - range->first; ++range) drawn -= range->second - range->first;
  return candidates_[range->first + drawn];
}

}  // namespace bonafide
