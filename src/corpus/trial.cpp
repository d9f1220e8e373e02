#include "corpus/trial.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/error.h"
#include "base/text.h"

namespace bonafide {

namespace {

constexpr std::array<std::string_view, 6> kBonaFideWords = {"bonafide", "bona-fide", "bona_fide",
                                                            "genuine",  "human",     "real"};
constexpr std::array<std::string_view, 5> kSpoofWords = {"spoof", "spoofed", "fake", "deepfake",
                                                         "morph"};

}  // namespace

AudioLocation location_of(const Trial& trial) { return {trial.path, trial.member, trial.excerpt}; }

std::string identity(const Trial& trial) {
  std::string text = trial.id;
  if (!trial.claimed_speaker.empty()) text += " as " + trial.claimed_speaker;
  if (!trial.reference.path.empty()) text += " beside " + trial.reference.name();
  // A speaker's whole enrolment list goes by the speaker's name.
  if (trial.enrolments && trial.enrolments->size() == 1) {
    text += " against " + trial.enrolments->front().native();
  }
  return text;
}

std::string_view name_of(Label label) {
  switch (label) {
    case Label::kSpoof:
      return "spoof";
    case Label::kBonaFide:
      return "bonafide";
    case Label::kUnknown:
      break;
  }
  return "";
}

Label parse_label(std::string_view word) {
  const std::string key = lower(trim(word));
  const auto is_key = [&](std::string_view known) { return known == key; };
  if (std::any_of(kBonaFideWords.begin(), kBonaFideWords.end(), is_key)) return Label::kBonaFide;
  if (std::any_of(kSpoofWords.begin(), kSpoofWords.end(), is_key)) return Label::kSpoof;
  throw UsageError(fmt::format("\"{}\" is not a label (bonafide or spoof)", printable(word)));
}

std::string_view name_of(AsvKey key) {
  switch (key) {
    case AsvKey::kTarget:
      return "target";
    case AsvKey::kNontarget:
      return "nontarget";
    case AsvKey::kSpoof:
      return "spoof";
    case AsvKey::kNone:
      break;
  }
  return "";
}

AsvKey parse_asv_key(std::string_view word) {
  for (const AsvKey key : {AsvKey::kTarget, AsvKey::kNontarget, AsvKey::kSpoof}) {
    if (word == name_of(key)) return key;
  }
  throw UsageError(fmt::format(
      "\"{}\" is not a key of a verification trial (target, nontarget or spoof)", printable(word)));
}

const std::vector<std::string_view>& condition_names() {
  static const std::vector<std::string_view> names = {
      // ASVspoof 2021 LA and DF, ASVspoof 5
      "transmission", "vocoder", "trim", "task", "team", "codec-quality", "tag",
      // Replayed speech: ASVspoof 2017, 2019 PA, 2021 PA
      "phrase", "environment", "playback", "recording", "asv-room", "asv-mic", "asv-distance",
      "attacker-room", "attacker-mic", "replay-device", "attacker-distance",
      // Morphing; CFAD, FakeOrReal
      "second-speaker", "version"};
  return names;
}

std::string_view condition(const Trial& trial, std::string_view name) {
  for (const NamedCondition& c : trial.conditions) {
    if (c.name == name) return c.value;
  }
  return {};
}

}  // namespace bonafide
