#include "corpus/trial.h"

#include <string_view>

namespace bonafide {

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

Truth asv_key_of(const Trial& trial) { return trial.has_asv_key ? trial.truth : Truth::kUnknown; }

std::string_view condition(const Trial& trial, std::string_view name) {
  for (const NamedCondition& c : trial.conditions) {
    if (c.name == name) return c.value;
  }
  return {};
}

}  // namespace bonafide
