#pragma once

#include <string>
#include <vector>

#include "scoring/inputs.h"

namespace bonafide {

// Says what the inputs are compared with: `reference` is a recording, of all of them, or "@PAIRS",
// a list with lines "recording TAB reference" (several lines of one recording: several references),
// whose names are those that the inputs were given by. An input that is not listed is in trouble.
// Returns the names in the list that are no inputs. Throws UsageError, naming list and line, for a
// line that is no pair, and Error for a list that cannot be read.
std::vector<std::string> set_references(std::vector<Input>& inputs, const std::string& reference);

}  // namespace bonafide
