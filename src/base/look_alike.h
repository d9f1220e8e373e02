#pragma once

#include <string>
#include <string_view>

namespace bonafide {

// The same for two names that differ only in the case of letters, or in Unicode's forms (é as one
// character, or as e and an accent: macOS writes the second). Names are bytes here and never taken
// for each other; this only helps to say which was meant. Names whose characters outside ASCII
// differ may agree too.
std::string look_alike_key(std::string_view name);

}  // namespace bonafide
