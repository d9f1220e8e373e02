#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <utility>

namespace bonafide {

// To standard error. Where that cannot be written the words are lost, and nothing else.
template <typename... T>
void say(fmt::format_string<T...> text, T&&... values) {
  const std::string said = fmt::format(text, std::forward<T>(values)...);
  std::fwrite(said.data(), 1, said.size(), stderr);
}

}  // namespace bonafide
