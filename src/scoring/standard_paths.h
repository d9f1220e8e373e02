#pragma once

#include <istream>
#include <string>

namespace bonafide {

// All of standard input, where "-" promised paths. Throws UsageError when a recording or another
// file comes out instead, which /dev/stdin would name, and for more than 1 GiB.
std::string read_standard_paths(std::istream& standard_input);

}  // namespace bonafide
