#include "trials/truth.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/error.h"
#include "base/text.h"

namespace bonafide {

namespace {

constexpr std::array<std::pair<std::string_view, Truth>, 18> kWords = {{
    {"bonafide", Truth::kBonaFide},
    {"spoof", Truth::kSpoof},
    {"target", Truth::kTarget},
    {"nontarget", Truth::kNontarget},
    {"bona-fide", Truth::kBonaFide},
    {"bona_fide", Truth::kBonaFide},
    {"genuine", Truth::kBonaFide},
    {"human", Truth::kBonaFide},
    {"real", Truth::kBonaFide},
    {"fake", Truth::kSpoof},
    {"spoofed", Truth::kSpoof},
    {"deepfake", Truth::kSpoof},
    {"morph", Truth::kSpoof},
    {"tar", Truth::kTarget},
    {"non", Truth::kNontarget},
    {"non-target", Truth::kNontarget},
    {"impostor", Truth::kNontarget},
    {"imposter", Truth::kNontarget},
}};

Truth find(std::string_view word) {
  for (const auto& [name, value] : kWords) {
    if (name == word) return value;
  }
  return Truth::kUnknown;
}

}  // namespace

bool contradict(Truth one, Truth other) {
  if (one == Truth::kUnknown || other == Truth::kUnknown || one == other) return false;
  if (is_bona_fide(one) != is_bona_fide(other)) return true;
  return one != Truth::kBonaFide && other != Truth::kBonaFide;
}

std::string_view name_of(Truth t) {
  switch (t) {
    case Truth::kBonaFide:
      return "bonafide";
    case Truth::kTarget:
      return "target";
    case Truth::kNontarget:
      return "nontarget";
    case Truth::kSpoof:
      return "spoof";
    case Truth::kUnknown:
      break;
  }
  return "";
}

Truth find_truth(std::string_view word) {
  const Truth exact = find(word);
  return exact == Truth::kUnknown && word.size() < 20 ? find(lower(word)) : exact;
}

Truth parse_label(std::string_view word) {
  const Truth truth = find_truth(trim(word));
  if (truth == Truth::kBonaFide || truth == Truth::kSpoof) return truth;
  throw UsageError(fmt::format("\"{}\" is not a label (bonafide or spoof)", printable(word)));
}

Truth parse_asv_key(std::string_view word) {
  const Truth truth = find_truth(trim(word));
  if (truth != Truth::kUnknown && truth != Truth::kBonaFide) return truth;
  throw UsageError(fmt::format(
      "\"{}\" is not a key of a verification trial (target, nontarget or spoof)", printable(word)));
}

Truth parse_sasv_number(std::string_view word) {
  const auto number = parse_double(trim(word));
  if (number == 1.0) return Truth::kTarget;
  if (number == 2.0) return Truth::kNontarget;
  if (number == 0.0) return Truth::kSpoof;
  throw UsageError(fmt::format("label \"{}\", expected 1 (target), 2 (nontarget) or 0 (spoof)",
                               printable(word, 40)));
}

Truth parse_target_number(std::string_view word) {
  const auto number = parse_double(trim(word));
  if (number == 1.0) return Truth::kTarget;
  if (number == 0.0) return Truth::kNontarget;
  throw UsageError(
      fmt::format("label \"{}\", expected 1 (target) or 0 (nontarget)", printable(word, 40)));
}

}  // namespace bonafide
