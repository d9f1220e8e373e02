#pragma once

#include <cstdint>
#include <vector>

#include "trials/id_prints.h"

namespace bonafide {

inline constexpr uint32_t kNoRow = UINT32_MAX;

// Which trials of two lists are the same. All rows ascend.
struct IdMatch {
  std::vector<uint32_t> right_row;      // for each left row its first partner, or kNoRow
  std::vector<uint32_t> right_alone;    // rows without a partner on the left
  std::vector<uint32_t> left_repeated;  // rows whose id stands in an earlier one of their list
  std::vector<uint32_t> right_repeated;
};

// In constant time and without allocation per trial: of a million trials two are mistaken for each
// other, and so refused as repeated, less than once in 1e8 runs, whoever wrote them (once in 1e6
// where the other list has only a few); of twenty million, in 1e6. The lists may stand in any
// order. Throws Error for more than four thousand million trials.
IdMatch match_ids(const IdPrints& left, const IdPrints& right);

// The rows whose id stands in an earlier row too, ascending.
std::vector<uint32_t> repeated_ids(const IdPrints& ids);

}  // namespace bonafide
