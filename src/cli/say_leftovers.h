#pragma once

#include "cli/say.h"
#include "corpus/leftovers.h"

namespace bonafide {

// What was not read, a line of each kind on standard error.
inline void say_leftovers(const Leftovers& leftovers) {
  for (const std::string& line : leftovers.lines()) say("bonafide: {}\n", line);
}

}  // namespace bonafide
