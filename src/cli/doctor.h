#pragma once

#include <fmt/format.h>

#include <string_view>

namespace bonafide {

// One line of `bonafide doctor`; both programs print theirs in this form.
inline void print_fact(std::string_view what, std::string_view value) {
  fmt::print("{:<12} {}\n", what, value);
}

}  // namespace bonafide
