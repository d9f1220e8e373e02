#pragma once

#include <string>
#include <vector>

#include "scoring/inputs.h"

namespace bonafide {

// Marks those of the `listed` inputs that are pipes named on the command line (`arguments`). One
// that was read before, also by "-", is in trouble.
void mark_pipes(const std::vector<std::string>& arguments, std::vector<Input>& listed);

}  // namespace bonafide
