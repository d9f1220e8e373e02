#pragma once

#include <optional>
#include <string>
#include <vector>

#include "corpus/reference_sampler.h"
#include "recipe/recipe.h"
#include "scoring/reference_sound.h"

namespace bonafide {

// Under which a system that compares is evaluated: whose recording it is given, how that sounds,
// and what the network does with it.
struct ReferenceCondition {
  std::string name = {};                          // as it was written
  std::optional<ReferenceRules::Draw> draw = {};  // none: as the recipe says (reference.draw)
  ReferenceSound sound = {};
  std::string network =
      {};  // what takes the place of model.reference: zero, self, none; "": nothing
};

// One condition from words joined by "+", at most one of each kind and in any order:
//   matched | other_speaker | listed        whose recording
//   seconds:N, silence | noise | snr:DB     how it sounds: its beginning, then one of the others
//   zero | self | none                      what the network does
// Throws UsageError for another word, a number that makes no sense, and two words of a kind.
ReferenceCondition parse_condition(const std::string& text);

// Those of reference.conditions, in their order; empty where there are none. Throws UsageError also
// for one that stands there twice.
std::vector<ReferenceCondition> conditions_of(const Recipe& recipe);

}  // namespace bonafide
