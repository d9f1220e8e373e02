#include "base/list_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "base/error.h"
#include "base/file_kind.h"
#include "base/text.h"

namespace bonafide {

namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";
constexpr std::string_view kLittleMark = "\xFF\xFE";
constexpr std::string_view kBigMark = "\xFE\xFF";

// Of two bytes each.
struct Utf16 {
  std::string_view units;
  bool big = false;  // the high byte comes first

  size_t size() const { return units.size() / 2; }
  char32_t operator[](size_t i) const {
    const auto first = static_cast<unsigned char>(units[2 * i]);
    const auto second = static_cast<unsigned char>(units[2 * i + 1]);
    return static_cast<char32_t>(big ? first << 8 | second : second << 8 | first);
  }
};

// Whether nearly all units at the beginning are ASCII. Four at least: a list of shorter names with
// NULs between would look alike.
bool looks_like(const Utf16& text) {
  const size_t count = std::min<size_t>(text.size(), 256);
  size_t ascii = 0;
  for (size_t i = 0; i < count; ++i) ascii += text[i] > 0 && text[i] < 0x80 ? 1 : 0;
  return count >= 4 && ascii * 4 >= count * 3;
}

void append_utf8(std::string& text, char32_t c) {
  const auto byte = [&](char32_t bits) { text += static_cast<char>(bits); };
  const auto tail = [&](int shift) { byte(0x80 | (c >> shift & 0x3F)); };
  if (c < 0x80) {
    byte(c);
  } else if (c < 0x800) {
    byte(0xC0 | c >> 6);
    tail(0);
  } else if (c < 0x10000) {
    byte(0xE0 | c >> 12);
    tail(6);
    tail(0);
  } else {
    byte(0xF0 | c >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

size_t line_at(std::string_view text, size_t position) {
  return 1 + static_cast<size_t>(
                 std::count(text.begin(), text.begin() + static_cast<ptrdiff_t>(position), '\n'));
}

[[noreturn]] void refuse(std::string_view name, size_t line, std::string_view why) {
  throw UsageError(fmt::format("{}: line {}: {}", printable(name), line, why));
}

std::string utf8_of(const Utf16& in, std::string_view name) {
  constexpr char32_t kHigh = 0xD800, kLow = 0xDC00, kEnd = 0xE000;
  const auto is_in = [](char32_t c, char32_t from, char32_t to) { return c >= from && c < to; };
  std::string text;
  text.reserve(in.size());
  for (size_t i = 0; i < in.size(); ++i) {
    const char32_t unit = in[i];
    if (is_in(unit, kHigh, kLow) && i + 1 < in.size() && is_in(in[i + 1], kLow, kEnd)) {
      append_utf8(text, 0x10000 + ((unit - kHigh) << 10) + (in[++i] - kLow));
    } else if (is_in(unit, kHigh, kEnd)) {
      refuse(name, line_at(text, text.size()), "broken UTF-16 (half of a pair)");
    } else {
      append_utf8(text, unit);
    }
  }
  if (in.units.size() % 2 != 0) {
    refuse(name, line_at(text, text.size()), "broken UTF-16 (half of a character at the end)");
  }
  return text;
}

// The text in UTF-8 without a mark, whatever it was written in.
std::string decoded(std::string bytes, std::string_view name) {
  const std::string_view text = bytes;
  if (text.starts_with(std::string_view("\xFF\xFE\0\0", 4)) ||
      text.starts_with(std::string_view("\0\0\xFE\xFF", 4))) {
    throw UsageError(
        fmt::format("{}: UTF-32 text; UTF-8 and UTF-16 are read here", printable(name)));
  }
  for (const bool big : {false, true}) {
    if (text.starts_with(big ? kBigMark : kLittleMark)) return utf8_of({text.substr(2), big}, name);
    if (looks_like({text, big})) return utf8_of({text, big}, name);
  }
  if (text.starts_with(kUtf8Mark)) bytes.erase(0, kUtf8Mark.size());
  return bytes;
}

std::string with_line_feeds(std::string text) {
  if (text.find('\n') == std::string::npos) std::replace(text.begin(), text.end(), '\r', '\n');
  return text;
}

std::string without_nul(std::string text, std::string_view name) {
  const size_t nul = text.find('\0');
  if (nul != std::string::npos) {
    refuse(name, line_at(text, nul), "a NUL byte, which no text has (is it a list?)");
  }
  return text;
}

void expect_list(std::string_view bytes, std::string_view name) {
  const std::string other = mistaken_for_list(bytes);
  if (!other.empty()) throw UsageError(fmt::format("{}: {}", printable(name), other));
}

}  // namespace

std::string list_text(std::string bytes, std::string_view name) {
  expect_list(bytes, name);
  return without_nul(with_line_feeds(decoded(std::move(bytes), name)), name);
}

PathList path_list(std::string bytes, std::string_view name) {
  expect_list(bytes, name);
  std::string text = decoded(std::move(bytes), name);
  const bool has_nul = text.find('\0') != std::string::npos;
  if (has_nul && text.find('\n') == std::string::npos) return {std::move(text), '\0'};
  return {without_nul(with_line_feeds(std::move(text)), name), '\n'};
}

bool is_plain_list(std::string_view bytes) {
  return !bytes.starts_with(kLittleMark) && !bytes.starts_with(kBigMark) &&
         bytes.find('\0') == std::string_view::npos && mistaken_for_list(bytes).empty() &&
         (bytes.find('\n') != std::string_view::npos || bytes.find('\r') == std::string_view::npos);
}

}  // namespace bonafide
