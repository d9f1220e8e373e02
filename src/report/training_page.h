#pragma once

#include <string>
#include <utility>
#include <vector>

#include "report/plots.h"

namespace bonafide {

// What a page about a training run says, while it goes on and after.
struct TrainingPage {
  std::string title;
  std::string part;           // that selects: "dev", or "eval"
  std::vector<Epoch> epochs;  // in order
  std::vector<std::pair<std::string, std::string>> run_card = {};
};

// One HTML page: the best EER and its epoch, the learning curves, a table of the epochs. A run that
// selects on another part than dev is marked so.
std::string training_page(const TrainingPage& page);

}  // namespace bonafide
