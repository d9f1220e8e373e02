#include "audio/flac_chain.h"

#include <algorithm>
#include <string_view>

#include "audio/bytes.h"
#include "audio/chained_source.h"
#include "audio/flac_source.h"
#include "audio/tags.h"

namespace bonafide {

namespace {

// Behind the metadata, which may hold anything.
size_t begin_of_frames(Bytes bytes) {
  constexpr size_t kMark = 4, kBlockHead = 4;
  constexpr unsigned kLast = 0x80;
  size_t at = kMark;
  while (at + kBlockHead <= bytes.size()) {
    const auto flags = std::to_integer<unsigned>(bytes[at]);
    at += kBlockHead + big_endian(bytes.subspan(at + 1, kBlockHead - 1));
    if ((flags & kLast) != 0) break;
  }
  return std::min(at, bytes.size());
}

// The mark of a file and the head of its first block, which always has the same size. Frames do
// not hold it by chance.
bool begins_a_file(std::string_view text) {
  constexpr std::string_view kSize("\0\0\x22", 3);
  return text.size() > 8 && (text[4] == '\0' || text[4] == '\x80') &&
         text.substr(5).starts_with(kSize);
}

// A tag before the next file is not part of this one.
size_t without_next_tag(Bytes bytes, size_t next) {
  const size_t tag = text_of(bytes.first(next)).rfind("ID3");
  if (tag == std::string_view::npos) return next;
  const Bytes behind = without_tags_before(bytes.subspan(tag));
  return bytes.size() - behind.size() == next ? tag : next;
}

// Where the next file begins; the size of all if none.
size_t find_next_file(Bytes bytes) {
  const std::string_view text = text_of(bytes);
  size_t at = text.find("fLaC", begin_of_frames(bytes));
  while (at != std::string_view::npos && !begins_a_file(text.substr(at))) {
    at = text.find("fLaC", at + 1);
  }
  return std::min(at, bytes.size());
}

std::unique_ptr<SoundSource> open_next(Bytes& rest) {
  if (rest.empty()) return nullptr;
  const size_t next = find_next_file(rest);
  const size_t end = next < rest.size() ? without_next_tag(rest, next) : next;
  const Bytes file = without_tags_behind(rest.first(end));
  rest = rest.subspan(next);
  return std::make_unique<FlacSource>(file);
}

}  // namespace

std::unique_ptr<SoundSource> open_flac(Bytes bytes) {
  if (find_next_file(bytes) == bytes.size()) return open_next(bytes);
  return std::make_unique<ChainedSource>([rest = bytes]() mutable { return open_next(rest); });
}

}  // namespace bonafide
