#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "trials/factor.h"
#include "trials/trials.h"

namespace bonafide {

// Which trials a value of a factor selects.
enum class FactorSide {
  kBoth,   // codec: the bona fide and the spoof trials with the value
  kSpoof,  // attack: the spoof trials with it, and all bona fide ones
  kBonaFide,
};

// One value of a factor.
struct Condition {
  std::string value;
  uint32_t code = 0;
  FactorSide side = FactorSide::kBoth;
};

// The values of a factor in the order of their names. When bona fide and spoof trials never share
// a value (attacks, and "-" for bona fide) each value selects from its own side, and the values of
// the bona fide side that mean "none" ("-", "bonafide") are left out; where spoof trials lack their
// attack, too, these are left out with them. Trials of one side alone keep every value.
std::vector<Condition> conditions(const Trials& trials, const Factor& factor);

// Whether the trial belongs to the condition.
inline bool selects(const Condition& condition, const Factor& factor, size_t trial, Truth label) {
  if (condition.side == FactorSide::kSpoof && is_bona_fide(label)) return true;
  if (condition.side == FactorSide::kBonaFide && !is_bona_fide(label)) return true;
  return factor.codes()[trial] == condition.code;
}

}  // namespace bonafide
