#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bonafide {

// Without the blanks, tabs and line ends at both sides.
std::string_view trim(std::string_view text);

// The fields between separators; "" gives one empty field.
std::vector<std::string_view> split(std::string_view text, char separator);

// The fields between runs of blanks and tabs; none for a blank line.
std::vector<std::string_view> split_blanks(std::string_view text);

std::string lower(std::string_view text);

// The whole text as a number, correctly rounded; nothing for anything else. Accepts a leading "+",
// "inf" and "nan".
std::optional<double> parse_double(std::string_view text);
std::optional<int64_t> parse_integer(std::string_view text);

// Whether the text is well-formed UTF-8 (no overlong forms, no surrogates).
bool is_utf8(std::string_view text);

// Safe for one line of a terminal: control characters and broken UTF-8 as \xNN, newline as \n;
// more than about `limit` bytes end in "...". Printing twice changes nothing.
std::string printable(std::string_view text, size_t limit = 200);

// "a, b, c", or "a, b, ..." of more than `most` names.
std::string some_of(std::span<const std::string> names, size_t most);

// The candidate with the smallest edit distance, if it is near enough to be what was meant.
std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates);

}  // namespace bonafide
