#pragma once

#include <cstdint>
#include <string_view>

namespace bonafide {

// What a trial really is. Countermeasures know bona fide and spoof; speaker verification splits the
// bona fide ones into target and nontarget.
enum class TrialClass : uint8_t { kUnknown, kBonaFide, kTarget, kNontarget, kSpoof };

inline bool is_bona_fide(TrialClass c) {
  return c == TrialClass::kBonaFide || c == TrialClass::kTarget || c == TrialClass::kNontarget;
}

std::string_view name_of(TrialClass c);  // "bonafide", "target", ..., "" for unknown

// bonafide, bona-fide, genuine, human, real, target, nontarget, impostor, spoof, fake, ... in any
// case; kUnknown for every other word.
TrialClass parse_trial_class(std::string_view word);

}  // namespace bonafide
