#pragma once

#include "base/json.h"
#include "parity/figures.h"

namespace bonafide {

// expected.json with "runs", beside score files and a folder keys/ like that of ASVspoof 2021.
void run_asvspoof2021_case(const Json& golden, Figures& figures);

// expected.json with "t1", "t2", "full_t1", "full_t2" beside the files of ASVspoof 5's packages.
void run_asvspoof5_case(const Json& golden, Figures& figures);

}  // namespace bonafide
