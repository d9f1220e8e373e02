#include "base/text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <numeric>

namespace bonafide {

namespace {

constexpr std::string_view kBlanks = " \t\r\n\v\f";

size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row.back();
}

// The length of the well-formed UTF-8 sequence at the start of `text`, or 0 (The Unicode Standard,
// table 3-7).
size_t utf8_length(std::string_view text) {
  const auto in_range = [&](size_t i, int low, int high) {
    if (i >= text.size()) return false;
    const auto byte = static_cast<unsigned char>(text[i]);
    return byte >= low && byte <= high;
  };
  const auto continues = [&](size_t i) { return in_range(i, 0x80, 0xBF); };
  if (in_range(0, 0x00, 0x7F)) return 1;
  if (in_range(0, 0xC2, 0xDF)) return continues(1) ? 2 : 0;
  if (in_range(0, 0xE0, 0xEF)) {
    const bool second = in_range(0, 0xE0, 0xE0)   ? in_range(1, 0xA0, 0xBF)
                        : in_range(0, 0xED, 0xED) ? in_range(1, 0x80, 0x9F)
                                                  : continues(1);
    return second && continues(2) ? 3 : 0;
  }
  if (in_range(0, 0xF0, 0xF4)) {
    const bool second = in_range(0, 0xF0, 0xF0)   ? in_range(1, 0x90, 0xBF)
                        : in_range(0, 0xF4, 0xF4) ? in_range(1, 0x80, 0x8F)
                                                  : continues(1);
    return second && continues(2) && continues(3) ? 4 : 0;
  }
  return 0;
}

// Of ASCII, and U+0080..U+009F (terminals take U+009B as the start of a command).
bool is_control(std::string_view character) {
  const auto byte = static_cast<unsigned char>(character[0]);
  return byte < 0x20 || byte == 0x7F ||
         (byte == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0);
}

template <typename Number>
std::optional<Number> parse_whole(std::string_view text) {
  if (text.substr(0, 1) == "+" && text.substr(1, 1) != "-") text.remove_prefix(1);
  Number value{};
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

}  // namespace

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> fields;
  for (;;) {
    const auto end = text.find(separator);
    fields.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return fields;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string_view> split_blanks(std::string_view text) {
  std::vector<std::string_view> fields;
  for (;;) {
    const auto first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) return fields;
    text.remove_prefix(first);
    const auto end = std::min(text.find_first_of(kBlanks), text.size());
    fields.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

std::optional<double> parse_double(std::string_view text) { return parse_whole<double>(text); }

std::optional<int64_t> parse_integer(std::string_view text) { return parse_whole<int64_t>(text); }

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string printable(std::string_view text, size_t limit) {
  std::string result;
  while (!text.empty()) {
    if (result.size() >= limit) return result + "...";
    const size_t length = utf8_length(text);
    const std::string_view character = text.substr(0, std::max<size_t>(length, 1));
    if (character == "\n") {
      result += "\\n";
    } else if (length == 0 || is_control(character)) {
      for (const char c : character) {
        result += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
      }
    } else {
      result += character;
    }
    text.remove_prefix(character.size());
  }
  return result;
}

std::string some_of(std::span<const std::string> names, size_t most) {
  return fmt::format("{}{}", fmt::join(names.first(std::min(most, names.size())), ", "),
                     names.size() > most ? ", ..." : "");
}

std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates) {
  std::optional<std::string> best;
  size_t best_distance = std::max<size_t>(2, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const size_t distance = edit_distance(word, candidate);
    if (distance < best_distance && distance < word.size()) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace bonafide
