#include "base/look_alike.h"

#include "base/text.h"

namespace bonafide {

namespace {

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

// Whether an accent that belongs to the letter before it stands here: U+0300 to U+036F.
bool is_accent(std::string_view text) {
  if (text.size() < 2) return false;
  const auto first = static_cast<unsigned char>(text[0]);
  const auto second = static_cast<unsigned char>(text[1]);
  return first == 0xCC || (first == 0xCD && second < 0xB0);
}

}  // namespace

// A run of characters that one form or another writes outside ASCII becomes one mark.
std::string look_alike_key(std::string_view name) {
  constexpr char kMark = '\x01';
  std::string key;
  for (size_t i = 0; i < name.size(); ++i) {
    if (is_ascii(name[i]) && !is_accent(name.substr(i + 1))) {
      key += name[i];
    } else if (key.empty() || key.back() != kMark) {
      key += kMark;
    }
  }
  return lower(key);
}

}  // namespace bonafide
