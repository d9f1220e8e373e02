#pragma once

#include "recipe/recipe.h"

namespace bonafide {

// What a part of the data must hold.
enum class PartNeeds {
  kBothClasses,  // bona fide and spoofed recordings, all labelled
  kSpeakers,     // recordings of two speakers at least, all of them named
  kTrials,       // verification trials: targets, and nontargets or spoofs, with their enrolments
};

// What a recipe's data are for.
struct Task {
  PartNeeds learns = PartNeeds::kBothClasses;  // of the training part
  PartNeeds judges = PartNeeds::kBothClasses;  // of the parts that choose and are evaluated

  bool verifies() const { return judges == PartNeeds::kTrials; }
};

// The task of a recipe's section `task`. Throws UsageError for a word that there is not.
Task task_of(const Recipe& recipe);

}  // namespace bonafide
