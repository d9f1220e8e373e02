#include "audio/flac_chain.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "audio/bytes.h"
#include "audio/chained_source.h"
#include "audio/flac_source.h"
#include "audio/tags.h"

namespace bonafide {

namespace {

// The farthest frame that a seek table names, from the first frame on; placeholders are none.
uint64_t last_point(Bytes table) {
  constexpr size_t kPoint = 18, kNumber = 8;
  constexpr uint64_t kPlaceholder = UINT64_MAX;
  uint64_t last = 0;
  for (; table.size() >= kPoint; table = table.subspan(kPoint)) {
    if (big_endian(table.first(kNumber)) == kPlaceholder) break;
    last = std::max(last, big_endian(table.subspan(kNumber, kNumber)));
  }
  return last;
}

// A frame that lies where the seek table says is this file's, and so is all before it: the next
// file is sought behind it, and the pages between need not be read from the disk. Without a table
// that is behind the metadata, which may hold anything.
size_t begin_of_search(Bytes bytes) {
  constexpr size_t kMark = 4, kBlockHead = 4;
  constexpr unsigned kLast = 0x80, kSeekTable = 3;
  size_t at = kMark;
  uint64_t point = 0;
  while (at + kBlockHead <= bytes.size()) {
    const auto flags = std::to_integer<unsigned>(bytes[at]);
    const size_t size = big_endian(bytes.subspan(at + 1, kBlockHead - 1));
    const Bytes body = bytes.subspan(at + kBlockHead);
    if ((flags & ~kLast) == kSeekTable) point = last_point(body.first(std::min(size, body.size())));
    at += kBlockHead + size;
    if ((flags & kLast) != 0) break;
  }
  at = std::min(at, bytes.size());
  if (point > bytes.size() - at) return at;
  const size_t frame = at + static_cast<size_t>(point);
  return begins(bytes, frame, "\xFF\xF8") || begins(bytes, frame, "\xFF\xF9") ? frame : at;
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
  size_t at = text.find("fLaC", begin_of_search(bytes));
  while (at != std::string_view::npos && !begins_a_file(text.substr(at))) {
    at = text.find("fLaC", at + 1);
  }
  return std::min(at, bytes.size());
}

std::unique_ptr<SoundSource> open_one(Bytes bytes, size_t next) {
  const size_t end = next < bytes.size() ? without_next_tag(bytes, next) : next;
  return std::make_unique<FlacSource>(without_tags_behind(bytes.first(end)));
}

}  // namespace

std::unique_ptr<SoundSource> open_flac(Bytes bytes) {
  const size_t second = find_next_file(bytes);
  if (second == bytes.size()) return open_one(bytes, second);
  return std::make_unique<ChainedSource>(
      [rest = bytes, next = second]() mutable -> std::unique_ptr<SoundSource> {
        if (rest.empty()) return nullptr;
        const Bytes file = rest;
        const size_t end = next;
        rest = rest.subspan(end);
        next = find_next_file(rest);
        return open_one(file, end);
      });
}

}  // namespace bonafide
