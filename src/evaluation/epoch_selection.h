#pragma once

#include <string>

#include "recipe/recipe.h"

namespace bonafide {

// Which epoch of a training is the best: the one with the lowest figure on a part of the data.
struct EpochSelection {
  std::string part;            // empty: none is chosen, the last epoch is kept
  std::string figure = "eer";  // as in files: eer, sasv_eer, a_dcf1
  std::string title = "EER";   // as people write it
  bool rate = true;            // told in percent; else a cost

  bool chooses() const { return !part.empty(); }
  std::string text(double value) const;  // "12.34 %", "0.01234"
};

// That of train.select and train.select_by. Throws UsageError for a figure that the task does not
// have.
EpochSelection selection_of(const Recipe& recipe);

}  // namespace bonafide
