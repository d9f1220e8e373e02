#pragma once

#include <cstddef>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

namespace bonafide {

// Takes little-endian numbers and runs of bytes from the front of a span, and never beyond its end.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  size_t position() const { return position_; }
  size_t left() const { return bytes_.size() - position_; }

  // Nothing when fewer bytes are left.
  std::optional<std::span<const std::byte>> take(size_t count) {
    if (count > left()) return std::nullopt;
    const auto taken = bytes_.subspan(position_, count);
    position_ += count;
    return taken;
  }

  template <typename Number>
  std::optional<Number> number() {
    static_assert(std::is_trivially_copyable_v<Number>);
    const auto taken = take(sizeof(Number));
    if (!taken) return std::nullopt;
    Number value;
    std::memcpy(&value, taken->data(), sizeof(Number));
    return value;
  }

  // The bytes before the next line end, which is taken too; nothing when there is none.
  std::optional<std::string_view> line() {
    const std::string_view rest(reinterpret_cast<const char*>(bytes_.data()) + position_, left());
    const size_t end = rest.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    position_ += end + 1;
    return rest.substr(0, end);
  }

 private:
  std::span<const std::byte> bytes_;
  size_t position_ = 0;
};

}  // namespace bonafide
