#pragma once

#include <vector>

#include "base/json.h"

namespace bonafide {

// The scores of a golden case: {"values": [...]} or the generator {"gen": "ih12", ...} of
// golden/metrics/README.md, whose every step is exact in double precision.
std::vector<double> golden_scores(const Json& source);

// A number, or one of the strings "nan", "inf", "-inf".
double golden_number(const Json& value);

}  // namespace bonafide
