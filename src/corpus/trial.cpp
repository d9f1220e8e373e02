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
constexpr std::array<std::string_view, 4> kSpoofWords = {"spoof", "spoofed", "fake", "deepfake"};

}  // namespace

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

}  // namespace bonafide
