#include "trials/trial_class.h"

#include <array>
#include <utility>

#include "base/text.h"

namespace bonafide {

namespace {

constexpr std::array<std::pair<std::string_view, TrialClass>, 18> kWords = {{
    {"bonafide", TrialClass::kBonaFide},
    {"spoof", TrialClass::kSpoof},
    {"target", TrialClass::kTarget},
    {"nontarget", TrialClass::kNontarget},
    {"bona-fide", TrialClass::kBonaFide},
    {"bona_fide", TrialClass::kBonaFide},
    {"genuine", TrialClass::kBonaFide},
    {"human", TrialClass::kBonaFide},
    {"real", TrialClass::kBonaFide},
    {"fake", TrialClass::kSpoof},
    {"spoofed", TrialClass::kSpoof},
    {"deepfake", TrialClass::kSpoof},
    {"morph", TrialClass::kSpoof},
    {"tar", TrialClass::kTarget},
    {"non", TrialClass::kNontarget},
    {"non-target", TrialClass::kNontarget},
    {"impostor", TrialClass::kNontarget},
    {"imposter", TrialClass::kNontarget},
}};

TrialClass find(std::string_view word) {
  for (const auto& [name, value] : kWords) {
    if (name == word) return value;
  }
  return TrialClass::kUnknown;
}

}  // namespace

std::string_view name_of(TrialClass c) {
  switch (c) {
    case TrialClass::kBonaFide:
      return "bonafide";
    case TrialClass::kTarget:
      return "target";
    case TrialClass::kNontarget:
      return "nontarget";
    case TrialClass::kSpoof:
      return "spoof";
    case TrialClass::kUnknown:
      break;
  }
  return "";
}

TrialClass parse_trial_class(std::string_view word) {
  const TrialClass exact = find(word);
  return exact == TrialClass::kUnknown && word.size() < 20 ? find(lower(word)) : exact;
}

}  // namespace bonafide
