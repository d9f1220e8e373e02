#pragma once

#include <string>

#include "base/json_value.h"

namespace bonafide {

// What the library found wrong, as the rest of a sentence and without its marks: `no "outputs"`;
// "parse error at line 1, column 5: ...". Printable.
std::string json_fault(const Json::exception& e);

}  // namespace bonafide
