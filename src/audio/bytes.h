#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace bonafide {

using Bytes = std::span<const std::byte>;

inline std::string_view text_of(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Whether the mark lies there, whole.
inline bool begins(Bytes bytes, size_t at, std::string_view mark) {
  return at <= bytes.size() && text_of(bytes.subspan(at)).starts_with(mark);
}

// An unsigned number of up to 8 bytes, the first or the last of them the highest; the caller has
// looked that they are there.
inline uint64_t big_endian(Bytes field) {
  uint64_t value = 0;
  for (const std::byte byte : field) value = value << 8 | std::to_integer<uint64_t>(byte);
  return value;
}

inline uint64_t little_endian(Bytes field) {
  uint64_t value = 0;
  for (size_t i = field.size(); i-- > 0;) value = value << 8 | std::to_integer<uint64_t>(field[i]);
  return value;
}

}  // namespace bonafide
