#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/part_scorer.h"
#include "report/html.h"

namespace bonafide {

// Figures of a detector under several conditions of its references, a row for each.
struct ConditionTable {
  std::string text;  // for the terminal
  std::string csv;   // condition,bona_fide,spoof,eer,eer_low,eer_high,min_dcf; rates as fractions
  HtmlTable html;
};

// `resamples`: of the 95 % intervals, drawn by `seed`. A condition in which a class has no score
// has empty cells.
ConditionTable condition_table(const std::vector<Evaluation>& evaluations, size_t resamples,
                               uint64_t seed);

}  // namespace bonafide
