#pragma once

#include "base/json.h"
#include "parity/figures.h"

namespace bonafide {

// expected.json with "dev", "eval" and "score_fusion", beside CSV files of ASV and CM scores.
void run_fusion_case(const Json& golden, Figures& figures);

}  // namespace bonafide
