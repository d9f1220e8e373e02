#include "audio/archive_member.h"

#include <fmt/format.h>

#include <optional>

#include "base/error.h"
#include "base/text.h"

namespace bonafide {

namespace {

constexpr size_t kSizeField = 124;  // where it holds the member's size: 12 octal digits
constexpr size_t kSizeDigits = 12;

// Nothing for the binary form, which only members over 8 GiB need.
std::optional<uint64_t> size_in_header(std::span<const std::byte> header) {
  uint64_t size = 0;
  bool any = false;
  for (const std::byte byte : header.subspan(kSizeField, kSizeDigits)) {
    const char c = static_cast<char>(byte);
    if (c >= '0' && c <= '7') {
      size = 8 * size + static_cast<uint64_t>(c - '0');
      any = true;
    } else if (c != ' ' && c != '\0') {
      return std::nullopt;
    }
  }
  return any ? std::optional(size) : std::nullopt;
}

}  // namespace

std::span<const std::byte> member_bytes(std::span<const std::byte> archive,
                                        const AudioLocation& location, uint64_t begin) {
  const uint64_t size = location.member.size;
  if (size == 0) throw Error(fmt::format("{}: an empty file", printable(location.name())));
  const uint64_t offset = location.member.offset - begin;  // wraps round when it is smaller
  const bool inside = offset <= archive.size() && size <= archive.size() - offset;
  if (!inside || offset < kTarHeader ||
      size_in_header(archive.subspan(offset - kTarHeader, kTarHeader)) != size) {
    throw Error(fmt::format("{}: the archive has no member of {} bytes at byte {}; list it again",
                            printable(location.name()), size, location.member.offset));
  }
  return archive.subspan(offset, size);
}

}  // namespace bonafide
