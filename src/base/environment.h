#pragma once

#include <optional>
#include <string>

namespace bonafide {

// The value of an environment variable; nothing where it is not set, or empty.
std::optional<std::string> environment_variable(const char* name);

}  // namespace bonafide
