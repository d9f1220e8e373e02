#include "scoring/standard_paths.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string_view>
#include <vector>

#include "audio/signature.h"
#include "base/error.h"
#include "base/file_kind.h"

namespace bonafide {

namespace {

constexpr size_t kHead = 4096;
constexpr size_t kMostPaths = size_t{1} << 30;  // bytes

// Paths may hold any byte but NUL, but seldom do; what ends its paths with NUL has no others.
bool is_binary(std::string_view text) {
  const auto is_control = [](char c) {
    return c != '\0' && c != '\t' && c != '\n' && c != '\r' && static_cast<unsigned char>(c) < ' ';
  };
  return text.find('\0') != std::string_view::npos &&
         std::any_of(text.begin(), text.end(), is_control);
}

// Paths that NUL bytes end, as lines. Two NUL bytes in a row end no path.
std::string as_lines(std::string_view text) {
  using namespace std::string_view_literals;
  std::string lines(text);
  if (text.find("\0\0"sv) == std::string_view::npos) {
    std::replace(lines.begin(), lines.end(), '\0', '\n');
  }
  return lines;
}

// "a sound file"; empty for what may be paths.
std::string what_else(std::string_view head) {
  const auto bytes = std::as_bytes(std::span(head));
  const std::string lines = as_lines(head);
  const auto kind = head.empty() ? std::nullopt : kind_of(std::as_bytes(std::span(lines)));
  if (kind) return kind->plain_text ? "" : std::string(kind->name);
  if (is_container(bytes) || is_mpeg(bytes)) return "a sound file";
  return is_binary(head) ? "binary data" : "";
}

void expect_paths(std::string_view text) {
  const std::string found = what_else(text.substr(0, kHead));
  if (found.empty()) return;
  throw UsageError(
      fmt::format("-: standard input holds {}, where paths are expected, one a "
                  "line; for a recording on standard input name /dev/stdin",
                  found));
}

}  // namespace

std::string read_standard_paths(std::istream& standard_input) {
  std::string text;
  std::vector<char> piece(size_t{1} << 16);
  const auto size = static_cast<std::streamsize>(piece.size());
  while (standard_input.read(piece.data(), size), standard_input.gcount() > 0) {
    const bool first = text.empty();
    text.append(piece.data(), static_cast<size_t>(standard_input.gcount()));
    if (first) expect_paths(text);
    if (text.size() > kMostPaths) {
      throw UsageError(fmt::format("-: more than {} bytes of paths on standard input", kMostPaths));
    }
  }
  return text;
}

}  // namespace bonafide
