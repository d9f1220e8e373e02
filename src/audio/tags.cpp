#include "audio/tags.h"

#include <algorithm>
#include <string_view>

#include "audio/bytes.h"

namespace bonafide {

namespace {

constexpr size_t kId3Header = 10;  // its footer has the same form
constexpr size_t kId3v1 = 128;
constexpr size_t kApeHeader = 32;  // its footer has the same form
constexpr std::string_view kApe = "APETAGEX";

size_t id3_size(Bytes header) {
  size_t size = 0;
  for (const std::byte byte : header.subspan(6, 4)) {
    size = size << 7 | (std::to_integer<size_t>(byte) & 0x7F);
  }
  return size;
}

// With the footer, but without the header.
size_t ape_size(Bytes header) { return little_endian(header.subspan(12, 4)); }

// 0 where there is none.
size_t tag_before(Bytes bytes) {
  if (bytes.size() >= kId3Header && begins(bytes, 0, "ID3")) {
    const bool footer = (bytes[5] & std::byte{0x10}) != std::byte{0};
    return kId3Header + id3_size(bytes) + (footer ? kId3Header : 0);
  }
  if (bytes.size() >= kApeHeader && begins(bytes, 0, kApe)) return kApeHeader + ape_size(bytes);
  return 0;
}

size_t tag_behind(Bytes bytes) {
  const size_t size = bytes.size();
  if (size >= kId3v1 && begins(bytes, size - kId3v1, "TAG")) return kId3v1;
  if (size >= kId3Header && begins(bytes, size - kId3Header, "3DI")) {
    return 2 * kId3Header + id3_size(bytes.last(kId3Header));
  }
  if (size >= kApeHeader && begins(bytes, size - kApeHeader, kApe)) {
    const Bytes footer = bytes.last(kApeHeader);
    const bool header = (footer[23] & std::byte{0x80}) != std::byte{0};
    return ape_size(footer) + (header ? kApeHeader : 0);
  }
  return 0;
}

}  // namespace

Bytes without_tags_before(Bytes bytes) {
  while (const size_t tag = tag_before(bytes)) bytes = bytes.subspan(std::min(tag, bytes.size()));
  return bytes;
}

Bytes without_tags_behind(Bytes bytes) {
  while (const size_t tag = tag_behind(bytes)) {
    bytes = bytes.first(bytes.size() - std::min(tag, bytes.size()));
  }
  return bytes;
}

bool are_tags(Bytes bytes) { return without_tags_behind(without_tags_before(bytes)).empty(); }

}  // namespace bonafide
